import type { RateLimiter } from './rate-limiter.ts';
import type { Lane, WorkQueue } from './work-queue.ts';

/** Works on one key; gives back after how many milliseconds to come again, or undefined: when something changes. */
export type Work = (key: string, lane: Lane) => Promise<number | undefined>;

export interface WorkersOptions {
  queue: WorkQueue;
  limiter: RateLimiter;
  work: Work;
  count: number;
  /** Told of every failure. A retryAfterMs of the error is honoured as the least wait. */
  onError: (key: string, error: unknown) => void;
}

/** Works on the keys of a queue, several at a time, until the queue is closed. Work that fails comes again later. */
export async function runWorkers(options: WorkersOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.count }, () => runWorker(options)));
}

async function runWorker({ queue, limiter, work, onError }: WorkersOptions): Promise<void> {
  for (let turn = await queue.take(); turn !== undefined; turn = await queue.take()) {
    const { key, lane } = turn;
    try {
      const comeAgainMs = await work(key, lane);
      limiter.forget(key);
      if (comeAgainMs !== undefined) queue.addAfter(key, comeAgainMs);
    } catch (error) {
      onError(key, error);
      const { retryAfterMs = 0 } = error as { retryAfterMs?: number };
      queue.addAfter(key, Math.max(retryAfterMs, limiter.next(key)));
    } finally {
      queue.done(key);
    }
  }
}
