import { untilDeadline } from './deadline.ts';

export interface ExponentialBackoffOptions {
  /** Longest wait after the first failure. */
  firstMs: number;
  /** Longest wait after any failure. */
  mostMs: number;
  /** By how much a wait is longer than the one before. */
  factor?: number;
  /** Share of each wait that is random, 0 to 1. It keeps clients that failed together from coming back together. */
  jitter?: number;
  /** From 0 to 1. */
  random?: () => number;
}

/**
 * Waits that grow with every failure in a row, up to a limit: takes the number of failures so far (1 after the first) and
 * returns milliseconds.
 */
export function exponentialBackoff(options: ExponentialBackoffOptions): (failures: number) => number {
  const { firstMs, mostMs, factor = 2, jitter = 0, random = Math.random } = options;
  return (failures) =>
    Math.min(mostMs, firstMs * factor ** (failures - 1)) * (1 - jitter + jitter * random());
}

export interface RetryOptions {
  /** Milliseconds to wait after so many failures in a row, the last of them with this error. */
  backoff: (failures: number, error: unknown) => number;
  /** Attempts at most; default: no limit. */
  attempts?: number;
  /** The first that is aborted ends the retries, but not an attempt that is under way. */
  signals?: readonly AbortSignal[];
  /** Whether another attempt may succeed; default: always. */
  isTransient?: (error: unknown) => boolean;
  /** Called before each wait. */
  onRetry?: (error: unknown) => void;
}

/**
 * Runs `work` until it succeeds, at least once even if a signal is already aborted. Own code rather than p-retry: where
 * something else does the retrying (ioredis, the operator's work queue) only the schedule is needed, and there is one way
 * to write a schedule.
 *
 * @param work is told the number of the attempt, 1 for the first
 * @throws the error of the last attempt, or the reason of a signal
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { backoff, attempts = Infinity, signals = [], isTransient = () => true, onRetry } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= attempts || !isTransient(error)) throw error;
      for (const signal of signals) signal.throwIfAborted();
      onRetry?.(error);
      await pause(backoff(attempt, error), ...signals);
      for (const signal of signals) signal.throwIfAborted();
    }
  }
}

const ELAPSED = new Error('the pause is over');

/** Waits for so many milliseconds or until one of the signals is aborted; never rejects. */
export async function pause(milliseconds: number, ...signals: AbortSignal[]): Promise<void> {
  if (milliseconds <= 0) return;
  const endless = new Promise<never>(() => undefined);
  await untilDeadline(endless, { milliseconds, signals, overdue: ELAPSED }).catch(() => undefined);
}
