import { setTimeout as sleep } from 'node:timers/promises';
import { processTreeMemory } from '../renderer/chromium/process-memory.ts';
import { descendants } from '../test/renderer/support/processes.ts';
import { renderedBy, Services } from './renderer/services.ts';
import { taskOf } from './renderer/workload.ts';

const STEPS = 12;
const TASKS = 200;
const WARM_STEPS = 2;
const ALLOWED_GROWTH = 1.15;

const MIB = 1024 * 1024;

/**
 * Memory and processes of one renderer over 2,400 documents, its browsers replaced every 1,000. Fails when a zombie is left
 * or when memory, once warm, has grown by more than 15 % at the end.
 */
export async function run(): Promise<void> {
  await using services = await Services.start();
  const { url, pid } = await services.startRenderer();
  const payloads = ['table', 'grid', 'arrows'].map((slug) => JSON.stringify(taskOf(slug)));
  const levels: number[] = [];
  let zombies = 0;
  console.log('documents  renderer and browsers  node alone  processes  zombies');
  for (let step = 1; step <= STEPS; step++) {
    for (let task = 0; task < TASKS; task++) {
      await services.client.insert({ payload: payloads[task % payloads.length] ?? '', tag: 'task' });
    }
    while ((await renderedBy(url)) < step * TASKS) await sleep(50);
    await services.takeResults();
    const processes = descendants(pid);
    const tree = processTreeMemory(pid);
    const browsers = processes.filter((p) => p.parent === pid).map((p) => processTreeMemory(p.pid));
    const node = tree - browsers.reduce((sum, bytes) => sum + bytes, 0);
    zombies += processes.filter(({ state }) => state === 'Z').length;
    levels.push(tree);
    const cells = [step * TASKS, `${mib(tree)} MiB`, `${mib(node)} MiB`, processes.length, zombies];
    console.log(cells.map((cell, i) => String(cell).padStart([9, 22, 11, 10, 8][i] ?? 0)).join(' '));
  }
  const warm = Math.max(...levels.slice(0, WARM_STEPS));
  const end = Math.min(...levels.slice(-WARM_STEPS));
  console.log(`\nmemory at the end is ${(end / warm).toFixed(2)} times that when warm; ${zombies} zombies`);
  if (zombies > 0 || end > warm * ALLOWED_GROWTH) process.exitCode = 1;
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(0);
}
