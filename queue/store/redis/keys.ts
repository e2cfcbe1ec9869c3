import { LRUCache } from 'lru-cache';
import { deadLetterQueueName, splitQueueName } from '../../wire/dead-letter.ts';
import type { QueueRef } from '../task-store.ts';

/** A queue's keys, in the order in which every script takes them; the last names the channel of its notices. */
const NAMES = ['eta', 'tags', 'tasks', 'payloads', 'state', 'tombstones', 'ends', 'notices'] as const;

export interface QueueKeys {
  /** KEYS of the scripts on a queue. */
  all: readonly string[];
  /** KEYS of those that move tasks to its dead-letter queue too. */
  withDead: readonly string[];
  channel: string;
  payloads: string;
}

const MOST_CACHED = 10_000;

/**
 * A fixed number of keys under one hash tag, so that a script's keys lie on one node of a cluster. A dead-letter queue shares
 * the tag of the queue that it belongs to, so that a task moves over atomically.
 */
export class KeyCache {
  readonly #known = new LRUCache<string, QueueKeys>({ max: MOST_CACHED });

  of({ project, queue }: QueueRef): QueueKeys {
    const name = `${project}/${queue}`;
    const known = this.#known.get(name);
    if (known) return known;
    const { source, suffixes } = splitQueueName(queue);
    const tag = `{${project}/${source}}`;
    const all = keysUnder(tag + suffixes);
    const keys = {
      all,
      withDead: [...all, ...keysUnder(tag + deadLetterQueueName(suffixes))],
      channel: `${tag}${suffixes}:notices`,
      payloads: `${tag}${suffixes}:payloads`,
    };
    this.#known.set(name, keys);
    return keys;
  }
}

function keysUnder(prefix: string): string[] {
  return NAMES.map((name) => `${prefix}:${name}`);
}
