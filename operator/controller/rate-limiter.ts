import { exponentialBackoff } from '../../service/backoff.ts';

/** Waits that grow with every failure of a key, so that what keeps failing is tried less and less often. */
export class RateLimiter {
  readonly #failures = new Map<string, number>();
  readonly #backoff: (failures: number) => number;

  constructor({ firstMs = 100, mostMs = 30_000, random = Math.random } = {}) {
    this.#backoff = exponentialBackoff({ firstMs, mostMs, jitter: 0.5, random });
  }

  /** Counts a failure of the key; how long to wait after it, in milliseconds, with up to half of it left to chance. */
  next(key: string): number {
    const failures = this.failures(key) + 1;
    this.#failures.set(key, failures);
    return this.#backoff(failures);
  }

  /** How often the key has failed since it was last forgotten. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}
