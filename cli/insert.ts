import { randomUUID } from 'node:crypto';
import { QueueError } from '../queue/client.ts';
import { exponentialBackoff, retry } from '../service/backoff.ts';
import { TASK_TAG } from '../renderer/worker/task.ts';
import type { Payload } from './order.ts';
import type { Session } from './session.ts';

const ATTEMPTS = 5;
const BACKOFF = exponentialBackoff({ firstMs: 400, mostMs: 3200 });

/**
 * Puts a render task into the queue and resolves to its id. The id is chosen here, so that a try whose answer was lost can be
 * repeated without a second task coming of it.
 */
export async function insertTask({ client, signal }: Session, payload: Payload): Promise<string> {
  const id = randomUUID();
  const insert = async (attempt: number) => {
    try {
      await client.insert({ id, tag: TASK_TAG, payload: JSON.stringify(payload) }, signal);
    } catch (error) {
      const isThere = isRefused(error) && attempt > 1 && error.message === 'Task name is invalid.';
      if (!isThere) throw error;
    }
  };
  const isTransient = (error: unknown) => !isRefused(error);
  await retry(insert, { backoff: BACKOFF, attempts: ATTEMPTS, signals: [signal], isTransient });
  return id;
}

function isRefused(error: unknown): error is QueueError {
  return error instanceof QueueError && error.code < 500;
}
