import type { Priority, WorkQueue } from './work-queue.ts';

/** Processes one key; resolves to the delay until its next turn in milliseconds, or undefined to wait for an event. */
export type Work<Key> = (key: Key, priority: Priority) => Promise<number | undefined>;

export interface WorkersOptions<Key> {
  queue: WorkQueue<Key>;
  limiter: RateLimiter<Key>;
  work: Work<Key>;
  count: number;
  /** Called with every failure. The error's retryAfterMs is the least delay before the retry. */
  onError: (key: Key, error: unknown) => void;
}

/** Processes the keys of a queue concurrently until the queue is closed. Retries failures with exponential backoff. */
export async function runWorkers<Key>(options: WorkersOptions<Key>): Promise<void> {
  await Promise.all(Array.from({ length: options.count }, () => runWorker(options)));
}

async function runWorker<Key>({ queue, limiter, work, onError }: WorkersOptions<Key>): Promise<void> {
  for (let item = await queue.take(); item !== undefined; item = await queue.take()) {
    const { key, priority } = item;
    try {
      const nextTurnMs = await work(key, priority);
      limiter.forget(key);
      if (nextTurnMs !== undefined) queue.addAfter(key, nextTurnMs);
    } catch (error) {
      onError(key, error);
      const { retryAfterMs = 0 } = error as { retryAfterMs?: number };
      queue.addAfter(key, Math.max(retryAfterMs, limiter.next(key)));
    } finally {
      queue.done(key);
    }
  }
}

/** Exponential backoff for each key. */
export class RateLimiter<Key = string> {
  readonly #failures = new Map<Key, number>();
  readonly #firstMs: number;
  readonly #mostMs: number;
  readonly #random: () => number;

  constructor({ firstMs = 100, mostMs = 30_000, random = Math.random } = {}) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
    this.#random = random;
  }

  /** Counts a failure of the key; the delay before its retry in milliseconds, with up to half of it jitter. */
  next(key: Key): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const wait = Math.min(this.#mostMs, this.#firstMs * 2 ** failures);
    return wait * (0.5 + this.#random() / 2);
  }

  /** The number of failures of the key since it was last forgotten. */
  failures(key: Key): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: Key): void {
    this.#failures.delete(key);
  }
}
