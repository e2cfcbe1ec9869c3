import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/**
 * Bytes of private memory (resident less shared) of a process and all its descendants, from Linux's /proc; 0 on systems
 * without it. Reading is synchronous because files of /proc have no size, so that asynchronous reading would allocate a
 * buffer of 64 KiB for each.
 */
export function processTreeMemory(root: number): number {
  const parents = new Map<number, number>();
  for (const name of processNames()) {
    const stat = readProc(`${name}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 2);
    if (fields.length > 1) parents.set(Number(name), Number(fields[1]));
  }
  let bytes = 0;
  for (const pid of parents.keys()) {
    if (!descendsFrom(pid, root, parents)) continue;
    const [, resident = 0, shared = 0] = readProc(`${pid}/statm`).split(' ').map(Number);
    bytes += (resident - shared) * PAGE_BYTES;
  }
  return bytes;
}

function descendsFrom(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at !== 0; at = parents.get(at)) {
    if (at === root) return true;
  }
  return false;
}

function processNames(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** A process may exit between being listed and being read. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}
