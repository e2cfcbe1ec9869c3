import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';

const PREFIX = 'renderfleet-chromium-';

/** Makes the folder that one browser writes to; its name carries this process's id. */
export async function createProfile(temporaryDirectory: string): Promise<string> {
  return mkdtemp(join(temporaryDirectory, `${PREFIX}${process.pid}-`));
}

/**
 * Removes a browser's folder; a browser that is still ending may write meanwhile, so removal is tried again. What cannot be
 * removed is left to the next process (`removeStaleProfiles`): ending a browser does not fail over it.
 */
export async function removeProfile(folder: string, logger: Logger): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  } catch (error) {
    logger.warn({ err: error }, 'the profile folder of a browser could not be removed');
  }
}

/** Removes the folders of processes that were killed before they could. */
export async function removeStaleProfiles(temporaryDirectory: string, logger: Logger): Promise<void> {
  for (const name of await readdir(temporaryDirectory)) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner)))
      await removeProfile(join(temporaryDirectory, name), logger);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
