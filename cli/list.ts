import { LIMITS, type Task } from '../queue/wire/contract.ts';
import type { Session } from './session.ts';
import { bytes, duration, table } from './table.ts';

/** Prints the first tasks of the queue, leased ones included, oldest ETA first. */
export async function list({ client, json, print, note, signal }: Session): Promise<void> {
  const tasks = await client.list(signal);
  if (json) {
    for (const task of tasks) print(JSON.stringify(task));
    return;
  }
  const now = Date.now() / 1000;
  print(taskTable(tasks, now));
  if (tasks.length === LIMITS.listTasks)
    note(`The first ${LIMITS.listTasks}; "renderfleet stats" counts them all.`);
}

/**
 * A table of tasks for people.
 * @param now seconds since the epoch
 */
export function taskTable(tasks: Task[], now: number): string {
  return table(
    ['ID', 'TAG', 'STATE', 'TRIES', 'AGE', 'SIZE'],
    tasks.map((task) => [
      task.id,
      task.tag ?? '-',
      state(task, now),
      String(task.retry_count),
      duration(now - task.enqueueTimestamp / 1e6),
      bytes(Buffer.byteLength(task.payloadBase64, 'base64')),
    ]),
  );
}

function state({ leaseTimestamp }: Task, now: number): string {
  const left = leaseTimestamp / 1e6 - now;
  return left > 0 ? `leased, ${duration(left)} left` : 'waiting';
}
