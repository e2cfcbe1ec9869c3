import { createInterface } from 'node:readline/promises';
import { QueueError, type QueueClient } from '../queue/client.ts';
import { LIMITS, type Task } from '../queue/wire/contract.ts';
import { CliError, EXIT, type Session } from './session.ts';

/** Long enough to delete one batch; should the client die, the batch is available again after it. */
const FLUSH_LEASE_SECONDS = 60;

export interface FlushOptions {
  tag?: string;
  yes?: boolean;
}

/** Deletes every task of the queue, leased ones included; with a tag, those of the tag that nobody holds. */
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
    if (error instanceof QueueError && error.code === 404) return false;
    throw error;
  }
}
