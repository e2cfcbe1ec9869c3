import { setTimeout as delay } from 'node:timers/promises';
import type { QueueStats, TaskQueue } from '../queue/wire/contract.ts';
import type { Session } from './session.ts';
import { duration } from './table.ts';

export interface StatsOptions {
  watch?: boolean;
  /** Seconds between two looks. */
  interval: number;
}

/** Prints the queue's counts, once or until interrupted. */
export async function stats(session: Session, { watch = false, interval }: StatsOptions): Promise<void> {
  const { client, signal } = session;
  print(session, await client.stats(signal));
  while (watch) {
    await delay(interval * 1000, undefined, { signal });
    print(session, await client.stats(signal));
  }
}

function print({ json, print }: Session, queue: TaskQueue): void {
  if (json) print(JSON.stringify(queue));
  else if (queue.stats) print(statsLine(queue.stats, Date.now() / 1000));
}

/**
 * The counts on one line for people.
 * @param now seconds since the epoch
 */
export function statsLine(
  { totalTasks, oldestTask, leasedLastMinute, leasedLastHour }: QueueStats,
  now: number,
): string {
  const oldest = totalTasks > 0 ? duration(now - oldestTask) : '-';
  return `tasks ${totalTasks}   oldest ${oldest}   leased in the last minute ${leasedLastMinute}   in the last hour ${leasedLastHour}`;
}
