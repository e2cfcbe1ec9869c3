import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { QueueError } from '../queue/client.ts';
import { TASK_TAG } from '../queue/wire/render.ts';
import type { Payload } from './order.ts';
import type { Session } from './session.ts';

const TRIES = 5;
const FIRST_PAUSE_MS = 200;

/**
 * Puts a render task into the queue and resolves to its id. The id is chosen here, so that a try whose answer was lost can be
 * repeated without a second task coming of it.
 */
export async function insertTask({ client, signal }: Session, payload: Payload): Promise<string> {
  const id = randomUUID();
  for (let tries = 1; ; tries += 1) {
    try {
      await client.insert({ id, tag: TASK_TAG, payload: JSON.stringify(payload) }, signal);
      return id;
    } catch (error) {
      const isRefused = error instanceof QueueError && error.code < 500;
      if (isRefused && tries > 1 && error.message === 'Task name is invalid.') return id;
      if (isRefused || tries === TRIES || signal.aborted) throw error;
      await delay(FIRST_PAUSE_MS * 2 ** tries, undefined, { signal });
    }
  }
}
