import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { QueueClient } from '../queue/client.ts';
import { QueueError } from '../queue/wire/faults.ts';
import { LIMITS, type Task } from '../queue/wire/contract.ts';
import { statsLine, taskTable } from './format.ts';
import { CliError, EXIT, type Session } from './session.ts';

/** Long enough to delete one batch; if the client dies, the batch is available again afterwards. */
const FLUSH_LEASE_SECONDS = 60;

/** Prints the first tasks of the queue, including leased ones, oldest ETA first. */
export async function list({ client, json, print, note, signal }: Session): Promise<void> {
  const tasks = await client.list(signal);
  if (json) {
    for (const task of tasks) print(JSON.stringify(task));
    return;
  }
  print(taskTable(tasks, Date.now() / 1000));
  if (tasks.length === LIMITS.listTasks)
    note(`The first ${LIMITS.listTasks} tasks; "renderfleet stats" counts all.`);
}

export interface LeaseOptions {
  count: number;
  seconds: number;
  tag?: string;
  wait: number;
}

/** Leases tasks and prints them, as JSON with their payloads. They are available again when the lease ends. */
export async function lease(
  { client, json, print, note, signal }: Session,
  { count, seconds, tag, wait }: LeaseOptions,
): Promise<void> {
  const tasks = await client.lease(
    { numTasks: count, leaseSecs: seconds, waitSecs: wait, ...(tag !== undefined && { tag }) },
    signal,
  );
  if (json) for (const task of tasks) print(JSON.stringify(task));
  else if (tasks.length > 0) print(taskTable(tasks, Date.now() / 1000));
  else note('No task is available.');
}

export interface StatsOptions {
  watch?: boolean;
  /** Seconds between two lines. */
  interval: number;
}

/** Prints the queue's counts, once or until interrupted. */
export async function stats(session: Session, { watch = false, interval }: StatsOptions): Promise<void> {
  await printStats(session);
  while (watch) {
    await delay(interval * 1000, undefined, { signal: session.signal });
    await printStats(session);
  }
}

async function printStats({ client, json, print, signal }: Session): Promise<void> {
  const queue = await client.stats(signal);
  if (json) print(JSON.stringify(queue));
  else if (queue.stats) print(statsLine(queue.stats, Date.now() / 1000));
}

export interface FlushOptions {
  tag?: string;
  yes?: boolean;
}

/** Deletes every task of the queue, including leased ones; with a tag, the tasks of that tag that are not leased. */
export async function flush(session: Session, { tag, yes = false }: FlushOptions): Promise<void> {
  const { client, json, print, signal } = session;
  const what =
    tag === undefined ? `all tasks of ${client.queue}` : `the tasks of ${client.queue} tagged ${tag}`;
  if (!yes && process.stdin.isTTY) await confirm(`Delete ${what}? [y/N] `);
  const next = () =>
    tag === undefined
      ? client.list(signal)
      : client.lease({ numTasks: LIMITS.listTasks, leaseSecs: FLUSH_LEASE_SECONDS, tag }, signal);
  let deleted = 0;
  for (let tasks = await next(); tasks.length > 0; tasks = await next()) {
    const done = await Promise.all(tasks.map((task) => remove(client, task, signal)));
    deleted += done.filter(Boolean).length;
  }
  print(json ? JSON.stringify({ deleted }) : `Deleted ${deleted} task${deleted === 1 ? '' : 's'}.`);
}

async function confirm(question: string): Promise<void> {
  const readline = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await readline.question(question);
  readline.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('Nothing was deleted.', EXIT.failed);
}

async function remove(client: QueueClient, task: Task, signal: AbortSignal): Promise<boolean> {
  try {
    await client.delete(task.id, signal);
    return true;
  } catch (error) {
    if (error instanceof QueueError && error.reason === 'taskNotFound') return false;
    throw error;
  }
}
