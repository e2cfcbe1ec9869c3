import type { QueueRef } from '../task-store.ts';

/** A queue's keys, in the order in which every script takes them. */
const NAMES = ['eta', 'tags', 'tasks', 'payloads', 'state', 'tombstones', 'ends'] as const;

export interface QueueKeys {
  /** KEYS of the scripts. */
  all: string[];
  /** Where notices of the queue are published. */
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

  of({ project, queue }: QueueRef): QueueKeys {
    const name = `${project}/${queue}`;
    const known = this.#known.get(name);
    if (known) return known;
    if (this.#known.size >= MOST_CACHED) this.#known.clear();
    const dead = DEAD.exec(queue)?.[0] ?? '';
    const prefix = `{${project}/${queue.slice(0, queue.length - dead.length)}}${dead}`;
    const keys = {
      all: NAMES.map((key) => `${prefix}:${key}`),
      channel: `${prefix}:notices`,
      payloads: `${prefix}:payloads`,
    };
    this.#known.set(name, keys);
    return keys;
  }
}
