import { LRUCache } from 'lru-cache';
import { deadLetterQueueName, splitQueueName } from '../../wire/dead-letter.ts';
import type { QueueRef } from '../task-store.ts';
import { KEY_NAMES } from './scripts/all.ts';

export interface QueueKeys {
  /** KEYS of the scripts on a queue. */
  all: readonly string[];
  /** KEYS of the scripts that also move tasks to its dead-letter queue. */
  withDead: readonly string[];
  channel: string;
  payloads: string;
}

const MOST_CACHED = 10_000;

/**
 * The keys of queues. Those of one queue share a hash tag, so that a script finds them on one node of a cluster. A dead-letter
 * queue has the tag of its source queue, so that a task moves there atomically.
 */
export class KeyCache {
  readonly #known = new LRUCache<string, QueueKeys>({ max: MOST_CACHED });

  of({ project, queue }: QueueRef): QueueKeys {
    const name = `${project}/${queue}`;
    const known = this.#known.get(name);
    if (known) return known;
    const { source, suffixes } = splitQueueName(queue);
    const tag = `{${project}/${source}}`;
    const prefix = tag + suffixes;
    const all = keysUnder(prefix);
    const keys = {
      all,
      withDead: [...all, ...keysUnder(tag + deadLetterQueueName(suffixes))],
      channel: keyUnder(prefix, 'notices'),
      payloads: keyUnder(prefix, 'payloads'),
    };
    this.#known.set(name, keys);
    return keys;
  }
}

function keysUnder(prefix: string): string[] {
  return KEY_NAMES.map((name) => keyUnder(prefix, name));
}

function keyUnder(prefix: string, name: (typeof KEY_NAMES)[number]): string {
  return `${prefix}:${name}`;
}
