import { taskTable } from './list.ts';
import type { Session } from './session.ts';

export interface LeaseOptions {
  count: number;
  seconds: number;
  tag?: string;
  wait: number;
}

/** Leases tasks and prints them, with their payloads when JSON is asked for; they come back when the lease ends. */
export async function lease(
  { client, json, print, note, signal }: Session,
  options: LeaseOptions,
): Promise<void> {
  const { count, seconds, tag, wait } = options;
  const tasks = await client.lease(
    { numTasks: count, leaseSecs: seconds, waitSecs: wait, ...(tag !== undefined && { tag }) },
    signal,
  );
  if (json) for (const task of tasks) print(JSON.stringify(task));
  else if (tasks.length > 0) print(taskTable(tasks, Date.now() / 1000));
  else note('No task is available.');
}
