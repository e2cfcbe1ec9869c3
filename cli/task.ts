import { randomUUID } from 'node:crypto';
import { isTransient, QueueError } from '../queue/wire/faults.ts';
import { TASK_TAG } from '../queue/wire/render.ts';
import { exponentialBackoff, retry } from '../service/backoff.ts';
import type { Session } from './session.ts';

const ATTEMPTS = 5;
const BACKOFF = exponentialBackoff({ firstMs: 400, mostMs: 3200 });

/** The payload of a render task. */
export type Payload = Record<string, unknown>;

/** What the command line says about a task besides the resource's own options. */
export interface TaskOptions {
  paperSize: string;
  copies: string;
  headerText?: string;
  name?: string;
  url: string;
  template?: string;
  css?: string;
  tagged?: boolean;
}

/** A resource as far as a payload needs it. */
export interface Named {
  slug: string;
  name: string;
}

/** The payload of a task for a resource, from what the command line says and the resource's own options. */
export function payloadOf(resource: Named, task: TaskOptions, options: Payload): Payload {
  return withUsualKeys(
    {
      resource_slug: resource.slug,
      resource_name: task.name,
      url: task.url,
      header_text: task.headerText,
      paper_size: task.paperSize,
      copies: task.copies,
      ...options,
      template: task.template,
      css: task.css,
      tagged: task.tagged,
    },
    resource.name,
  );
}

/** Fills in the keys that are the same for nearly every task: its kind, its view, its name, one A4 copy. */
export function withUsualKeys(given: Payload, name: string): Payload {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    kind: 'task#render',
    resource_view: set.resource_slug,
    resource_name: name,
    url: '',
    paper_size: 'a4',
    copies: 1,
    ...set,
  };
}

/**
 * Puts a render task into the queue and resolves to its id. The id is chosen here, so that an attempt whose answer was lost
 * can be repeated without adding a second task.
 */
export async function insertTask({ client, signal }: Session, payload: Payload): Promise<string> {
  const id = randomUUID();
  const insert = async (attempt: number) => {
    try {
      await client.insert({ id, tag: TASK_TAG, payload: JSON.stringify(payload) }, signal);
    } catch (error) {
      const isTaken = error instanceof QueueError && error.reason === 'taskNameTaken';
      if (attempt === 1 || !isTaken) throw error;
    }
  };
  await retry(insert, { backoff: BACKOFF, attempts: ATTEMPTS, signals: [signal], isTransient });
  return id;
}
