import { deadLetterQueue, type QueueRef } from '../task-store.ts';

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
const DEAD = /(?:-dead)*$/;

/**
 * A fixed number of keys under one hash tag, so that a script's keys lie on one node of a cluster. A dead-letter queue shares
 * the tag of the queue that it belongs to, so that a task moves over atomically.
 */
export class KeyCache {
  readonly #known = new Map<string, QueueKeys>();

  of(ref: QueueRef): QueueKeys {
    const name = `${ref.project}/${ref.queue}`;
    const known = this.#known.get(name);
    if (known) return known;
    if (this.#known.size >= MOST_CACHED) this.#known.clear();
    const prefix = keyPrefix(ref);
    const all = keysUnder(prefix);
    const keys = {
      all,
      withDead: [...all, ...keysUnder(keyPrefix(deadLetterQueue(ref)))],
      channel: `${prefix}:notices`,
      payloads: `${prefix}:payloads`,
    };
    this.#known.set(name, keys);
    return keys;
  }
}

function keyPrefix({ project, queue }: QueueRef): string {
  const dead = DEAD.exec(queue)?.[0] ?? '';
  return `{${project}/${queue.slice(0, queue.length - dead.length)}}${dead}`;
}

function keysUnder(prefix: string): string[] {
  return NAMES.map((name) => `${prefix}:${name}`);
}
