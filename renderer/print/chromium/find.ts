import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { ChromiumProgram } from './browser.ts';
import { bundledChromium } from './bundled.ts';

/** Where to look for Chromium. */
export interface FindOptions {
  /** The browser's program, which is then the only one considered. */
  path: string | undefined;
  /** Folders to search, separated as in PATH. */
  searchPath: string;
  /** Where the bundled browser is unpacked, once. */
  cacheDirectory: string;
}

/** What finding depends on besides its options; tests pass another machine. */
export interface Machine {
  platform: NodeJS.Platform;
  arch: NodeJS.Architecture;
  homeDirectory: string;
  isProgram: (path: string) => Promise<boolean>;
}

/** Programs on the PATH that are preferred to the bundled browser. The headless shell prints fastest. */
const PREFERRED = ['chromium-headless-shell', 'chrome-headless-shell', 'chromium', 'google-chrome'];
/** Programs that are used only without a bundled browser: on Ubuntu, chromium-browser may merely advise to install a snap. */
const OTHERS = ['google-chrome-stable', 'chromium-browser', 'microsoft-edge', 'microsoft-edge-stable'];
/** Programs of the macOS applications, in an Applications folder. */
const APPLICATIONS = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) =>
  join(`${name}.app`, 'Contents', 'MacOS', name),
);

const THIS_MACHINE: Machine = {
  platform: process.platform,
  arch: process.arch,
  homeDirectory: homedir(),
  isProgram: (path) =>
    access(path, constants.X_OK).then(
      () => true,
      () => false,
    ),
};

/**
 * Finds the browser to render with: the configured one, else the first on the PATH, on macOS also in the Applications
 * folders, else (Linux x64) the one in the npm package `@sparticuz/chromium`, unpacked with its libraries.
 *
 * @throws Error that says how to install a browser on this platform
 */
export async function findChromium(
  { path, searchPath, cacheDirectory }: FindOptions,
  machine: Machine = THIS_MACHINE,
): Promise<ChromiumProgram> {
  const first = async (paths: string[]) => {
    for (const candidate of paths) if (await machine.isProgram(candidate)) return { path: candidate };
    return undefined;
  };
  if (path !== undefined) {
    const configured = isAbsolute(path) ? await first([path]) : undefined;
    if (configured) return configured;
    throw new Error(`CHROMIUM_PATH: ${path} is not the absolute path of a program. ${remedy(machine)}`);
  }
  const folders = searchPath.split(delimiter).filter(isAbsolute);
  const onPath = (names: string[]) => names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = await first([...onPath(PREFERRED), ...applications(machine)]);
  if (found) return found;
  try {
    return await bundled(cacheDirectory, machine);
  } catch (error) {
    const other = await first(onPath(OTHERS));
    if (other) return other;
    throw notFound(error as NodeJS.ErrnoException, machine);
  }
}

function applications({ platform, homeDirectory }: Machine): string[] {
  if (platform !== 'darwin') return [];
  const folders = ['/Applications', join(homeDirectory, 'Applications')];
  return APPLICATIONS.flatMap((program) => folders.map((folder) => join(folder, program)));
}

function bundled(cacheDirectory: string, { platform, arch }: Machine): Promise<ChromiumProgram> {
  if (platform === 'linux' && arch === 'x64') return bundledChromium(cacheDirectory);
  throw new Error(`no browser is bundled for ${platform} ${arch}`);
}

function notFound(cause: NodeJS.ErrnoException, machine: Machine): Error {
  const message = cause.syscall
    ? `The bundled Chromium cannot be unpacked: ${cause.message}. Set CHROMIUM_CACHE_DIRECTORY to a writable folder.`
    : `Chromium not found: ${cause.message.replace(/\.$/, '')}. ${remedy(machine)}`;
  return new Error(message, { cause });
}

/** How to install a browser on a platform. */
function remedy({ platform, arch }: Machine): string {
  const linux = '"apt-get install chromium-headless-shell" (Debian) or "dnf install chromium" (Fedora)';
  const install: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Install one with "brew install --cask google-chrome"',
    linux: `Install one with ${arch === 'x64' ? '"npm install @sparticuz/chromium", ' : ''}${linux}`,
  };
  return `${install[platform] ?? 'Install Chrome or Chromium'}, or set CHROMIUM_PATH to its program.`;
}
