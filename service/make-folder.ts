import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder and its missing parents.
 *
 * Own code, because mkdirSync with `recursive` (Node 20 to 24) never returns where the system answers ENOENT although the
 * parent exists, as under /proc: a service with such a path would hang instead of reporting it.
 *
 * @throws the system's error, which names the folder that cannot be created
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!existsSync(path)) throw error;
  }
}
