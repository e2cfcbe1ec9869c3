import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';

const NAME = /^renderfleet-(?:chromium|fonts)-(\d+)-/;

/** Makes a folder for what one browser writes (`chromium`) or all of them read (`fonts`); its name holds this process's id. */
export async function createTemporaryFolder(
  temporaryDirectory: string,
  purpose: 'chromium' | 'fonts',
): Promise<string> {
  return mkdtemp(join(temporaryDirectory, `renderfleet-${purpose}-${process.pid}-`));
}

/**
 * Removes such a folder, with retries because a browser that is exiting may still write to it. A folder that cannot be
 * removed does not fail the caller; the next process removes it (`removeStaleFolders`).
 */
export async function removeTemporaryFolder(folder: string, logger: Logger): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  } catch (error) {
    logger.warn({ err: error, folder }, 'a temporary folder could not be removed');
  }
}

/** Removes the folders of processes that were killed before they could. */
export async function removeStaleFolders(temporaryDirectory: string, logger: Logger): Promise<void> {
  for (const name of await readdir(temporaryDirectory)) {
    const owner = NAME.exec(name)?.[1];
    if (owner === undefined) continue;
    const folder = join(temporaryDirectory, name);
    if (await isStale(folder, Number(owner))) await removeTemporaryFolder(folder, logger);
  }
}

/** In a restarted container the renderer has the process id of the killed one, whose folders are recognized by their age. */
async function isStale(folder: string, owner: number): Promise<boolean> {
  if (owner !== process.pid) return !isRunning(owner);
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && found.mtimeMs < performance.timeOrigin;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
