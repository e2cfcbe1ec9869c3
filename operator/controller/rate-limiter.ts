/** Waits that grow with every failure of a key, so that what keeps failing is tried less and less often. */
export class RateLimiter {
  readonly #failures = new Map<string, number>();
  readonly #firstMs: number;
  readonly #mostMs: number;
  readonly #random: () => number;

  constructor({ firstMs = 100, mostMs = 30_000, random = Math.random } = {}) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
    this.#random = random;
  }

  /** Counts a failure of the key; how long to wait after it, in milliseconds, with up to half of it left to chance. */
  next(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const wait = Math.min(this.#mostMs, this.#firstMs * 2 ** failures);
    return wait * (0.5 + this.#random() / 2);
  }

  /** How often the key has failed since it was last forgotten. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}
