import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar-fs';
import type { ChromiumProgram } from './browser.ts';

const PACKAGE = '@sparticuz/chromium';

/**
 * The browser of the npm package, for Linux x64 only, unpacked into the cache folder once. It needs the system libraries
 * that come with the package. Several processes may do this at once: each unpacks into a folder of its own, and the first
 * to rename it into place wins.
 */
export async function bundledChromium(cacheDirectory: string): Promise<ChromiumProgram> {
  const manifest = findPackageJSON(PACKAGE, import.meta.url);
  if (manifest === undefined) throw new Error(`the npm package ${PACKAGE} is not installed.`);
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const folder = join(cacheDirectory, `chromium-${version}`);
  if (!(await exists(folder))) await unpack(join(dirname(manifest), 'bin'), folder);
  return { path: join(folder, 'chromium'), libraries: join(folder, 'al2023', 'lib') };
}

async function unpack(archives: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const staging = await mkdtemp(`${folder}-`);
  try {
    await Promise.all([
      pipeline(
        createReadStream(join(archives, 'chromium.br')),
        createBrotliDecompress(),
        createWriteStream(join(staging, 'chromium'), { mode: 0o755 }),
      ),
      unpackTar(join(archives, 'swiftshader.tar.br'), staging),
      unpackTar(join(archives, 'al2023.tar.br'), join(staging, 'al2023')),
    ]);
    await rename(staging, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function unpackTar(archive: string, folder: string): Promise<void> {
  await pipeline(createReadStream(archive), createBrotliDecompress(), extract(folder));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
