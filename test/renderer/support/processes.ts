import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessEntry {
  pid: number;
  parent: number;
  state: string;
  command: string;
}

/** All descendants of a process, from /proc. */
export function descendants(root: number): ProcessEntry[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => read(Number(name)) ?? []);
  const found: ProcessEntry[] = [];
  const parents = [root];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const entry of all.filter((candidate) => candidate.parent === parent)) {
      found.push(entry);
      parents.push(entry.pid);
    }
  }
  return found;
}

/** The main processes of the browsers below a process: those that have zygotes as children. */
export function browsersOf(root: number): ProcessEntry[] {
  const below = descendants(root);
  const parents = new Set(
    below.filter(({ command }) => command.includes('--type=zygote')).map((e) => e.parent),
  );
  return below.filter(({ pid }) => parents.has(pid));
}

export function isAlive(pid: number): boolean {
  const entry = read(pid);
  return entry !== undefined && entry.state !== 'Z';
}

function read(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid, parent: Number(parent), state, command };
  } catch {
    return undefined;
  }
}
