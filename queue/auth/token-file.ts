import { unwatchFile, watchFile } from 'node:fs';
import type { Logger } from 'pino';
import { readAuthFile } from '../config.ts';
import { Authorization } from './authorization.ts';

const LOOK_EVERY_MS = 5000;

/**
 * The tokens of a mounted file, read again when it changes; a changed file that is wrong leaves the tokens as they were.
 * Throws when the file is wrong to begin with.
 */
export function watchAuthorization(
  path: string,
  logger: Logger,
): { authorization: Authorization; close: () => void } {
  const authorization = new Authorization(readAuthFile(path));
  const listener = () => {
    try {
      authorization.replace(readAuthFile(path));
      logger.info({ path }, 'token file read again');
    } catch (err) {
      logger.error({ err }, 'token file not taken');
    }
  };
  // Polling sees the symbolic links that Kubernetes swaps in a mounted secret; notifications do not.
  watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, listener);
  return {
    authorization,
    close: () => {
      unwatchFile(path, listener);
    },
  };
}
