import { exponentialBackoff } from '../../service/backoff.ts';
import type { Priority, WorkQueue } from './work-queue.ts';

/** Processes one key; resolves to the delay until its next turn in milliseconds, or undefined to wait for an event. */
type Work<Key> = (key: Key, priority: Priority) => Promise<number | undefined>;

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
  readonly #backoff: (failures: number) => number;

  constructor({ firstMs = 100, mostMs = 30_000, random = Math.random } = {}) {
    this.#backoff = exponentialBackoff({ firstMs, mostMs, jitter: 0.5, random });
  }

  /** Counts a failure of the key and returns the delay before its retry, in milliseconds. */
  next(key: Key): number {
    const failures = this.failures(key) + 1;
    this.#failures.set(key, failures);
    return this.#backoff(failures);
  }

  /** The number of failures of the key since it was last forgotten. */
  failures(key: Key): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: Key): void {
    this.#failures.delete(key);
  }
}
