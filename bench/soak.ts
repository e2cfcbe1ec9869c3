import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { processTreeMemory } from '../renderer/print/chromium/process-memory.ts';
import { freePort } from '../test/harness/processes.ts';
import { descendants } from '../test/renderer/support/processes.ts';
import { liveHeap } from './renderer/live-heap.ts';
import { renderedBy, Services } from './renderer/services.ts';
import { taskOf } from './renderer/workload.ts';

const QUARTERS = 4;
const STEPS = 16;
const TASKS = 75;
const QUARTER_TASKS = STEPS * TASKS;
const DAEMONS = availableParallelism();
/** Each quarter has browsers of the same ages, so that quarters differ only in what outlives browsers. */
const RECYCLE_TASKS = QUARTER_TASKS / DAEMONS / 2;
/**
 * MiB for 1,000 documents, from the end of the second quarter to the end of the last. The memory of browsers varies by dozens
 * of MiB as they are replaced, which a mean dampens but does not remove.
 */
const ALLOWED = { heap: 1, node: 5, all: 40 };

const MIB = 1024 * 1024;

/** Memory in bytes: Node's heap after garbage collection, all of Node, and all processes together. */
interface Quarter {
  heap: number;
  node: number;
  all: number;
  processes: number;
  zombies: number;
}

/**
 * Memory (resident less shared) and processes of one renderer over 4,800 documents, with its browsers replaced repeatedly.
 * Garbage is collected only at the end of each quarter, so that what is left has outlived its document. Fails when zombies
 * remain or memory grows over the second half.
 */
export async function run(): Promise<void> {
  await using services = await Services.start();
  const inspectorPort = await freePort();
  const { url, pid } = await services.startRenderer({
    DAEMONS: String(DAEMONS),
    RECYCLE_TASKS: String(RECYCLE_TASKS),
    NODE_OPTIONS: `--inspect=127.0.0.1:${inspectorPort} --inspect-publish-uid=http`,
  });
  const payloads = ['table', 'grid', 'arrows'].map((slug) => JSON.stringify(taskOf(slug)));
  const quarters: Quarter[] = [];
  console.log(`${DAEMONS} browsers, each replaced after ${RECYCLE_TASKS} documents`);
  console.log('documents  live heap  node alone  renderer and browsers, mean  processes  zombies');
  for (let quarter = 1; quarter <= QUARTERS; quarter++) {
    const all: number[] = [];
    const zombies: number[] = [];
    for (let step = 1; step <= STEPS; step++) {
      const goal = (quarter - 1) * QUARTER_TASKS + step * TASKS;
      for (let task = 0; task < TASKS; task++) {
        await services.client.insert({ payload: payloads[task % payloads.length] ?? '', tag: 'task' });
      }
      while ((await renderedBy(url)) < goal) await sleep(50);
      all.push(processTreeMemory(pid));
      zombies.push(await zombiesOf(pid));
      await services.takeResults();
    }
    quarters.push({
      heap: await liveHeap(inspectorPort),
      node: nodeMemory(pid),
      all: all.reduce((sum, bytes) => sum + bytes) / STEPS,
      processes: descendants(pid).length,
      zombies: Math.max(...zombies),
    });
    console.log(row(quarter * QUARTER_TASKS, quarters));
  }
  judge(quarters);
}

function judge(quarters: readonly Quarter[]): void {
  const growth = (of: keyof typeof ALLOWED) => {
    const [before = NaN, , after = NaN] = quarters.slice(-3).map((quarter) => quarter[of]);
    return ((after - before) / MIB / (2 * QUARTER_TASKS)) * 1000;
  };
  const line = (name: string, of: keyof typeof ALLOWED) =>
    `  ${name.padEnd(22)} ${growth(of).toFixed(1)} MiB, at most ${ALLOWED[of]}`;
  const zombies = Math.max(...quarters.map((quarter) => quarter.zombies));
  console.log('\ngrowth per 1,000 documents over the second half:');
  console.log(line('live heap', 'heap'));
  console.log(line('node alone', 'node'));
  console.log(line('renderer and browsers', 'all'));
  console.log(`zombies: ${zombies}`);
  const flat = (['heap', 'node', 'all'] as const).every((of) => growth(of) <= ALLOWED[of]);
  if (zombies > 0 || !flat) process.exitCode = 1;
}

/** Every process is a zombie for a moment after its exit, so only those that remain are counted. */
async function zombiesOf(renderer: number): Promise<number> {
  const zombies = () => descendants(renderer).filter(({ state }) => state === 'Z');
  const before = zombies();
  if (before.length === 0) return 0;
  await sleep(1000);
  return zombies().filter(({ pid }) => before.some((known) => known.pid === pid)).length;
}

function nodeMemory(renderer: number): number {
  const browsers = descendants(renderer).filter(({ parent }) => parent === renderer);
  return browsers.reduce((rest, { pid }) => rest - processTreeMemory(pid), processTreeMemory(renderer));
}

function row(documents: number, quarters: readonly Quarter[]): string {
  const { heap = 0, node = 0, all = 0, processes = 0, zombies = 0 } = quarters.at(-1) ?? {};
  const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
  const cells = [documents, mib(heap), mib(node), mib(all), processes, zombies];
  return cells.map((cell, column) => String(cell).padStart([9, 10, 11, 28, 10, 8][column] ?? 0)).join(' ');
}
