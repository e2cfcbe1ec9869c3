import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { ChromiumConfig } from '../../config.ts';
import { bundledChromium } from './bundled.ts';

/** A browser that can be started, with the folder of the libraries that come with it, when they do. */
export interface ChromiumProgram {
  path: string;
  libraries?: string;
}

const PROGRAMS = ['chromium-headless-shell', 'chrome-headless-shell', 'chromium', 'google-chrome'];

const REMEDY =
  'Get one with "npm install @sparticuz/chromium" or "apt-get install chromium-headless-shell", ' +
  'or name its program in CHROMIUM_PATH.';

/**
 * The browser to render with: the one configured, else the first on the PATH, else the one in the npm package
 * `@sparticuz/chromium`, unpacked with its libraries.
 *
 * @throws Error that says how to get a browser when there is none.
 */
export async function findChromium(
  config: Pick<ChromiumConfig, 'path' | 'searchPath' | 'cacheDirectory'>,
): Promise<ChromiumProgram> {
  if (config.path !== undefined) {
    if (isAbsolute(config.path) && (await isProgram(config.path))) return { path: config.path };
    throw new Error(`CHROMIUM_PATH: ${config.path} is not the absolute path of a program. ${REMEDY}`);
  }
  for (const name of PROGRAMS) {
    for (const folder of config.searchPath.split(delimiter).filter(isAbsolute)) {
      const path = join(folder, name);
      if (await isProgram(path)) return { path };
    }
  }
  try {
    return await bundledChromium(config.cacheDirectory);
  } catch (error) {
    const { message, syscall } = error as NodeJS.ErrnoException;
    const why =
      syscall === undefined
        ? `There is no Chromium to render with: ${message.replace(/\.$/, '')}. ${REMEDY}`
        : `The bundled Chromium cannot be unpacked: ${message}. Set CHROMIUM_CACHE_DIRECTORY to a folder that can be written to.`;
    throw new Error(why, { cause: error });
  }
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
