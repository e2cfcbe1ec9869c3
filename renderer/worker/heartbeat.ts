import type { Logger } from 'pino';
import type { Lease } from './lease.ts';

/** Renews the leases of unfinished tasks before half of their time is over, until each is released. */
export class LeaseKeeper {
  readonly #leases = new Set<Lease>();
  readonly #halfMilliseconds: number;
  readonly #logger: Logger;
  readonly #timer: NodeJS.Timeout;

  constructor({ seconds, logger }: { seconds: number; logger: Logger }) {
    this.#halfMilliseconds = (seconds * 1000) / 2;
    this.#logger = logger;
    const interval = Math.min(10_000, Math.max(100, this.#halfMilliseconds / 4));
    this.#timer = setInterval(() => {
      this.#renewDue();
    }, interval);
  }

  /** How many tasks this process holds. */
  get held(): number {
    return this.#leases.size;
  }

  keep(lease: Lease): void {
    this.#leases.add(lease);
  }

  release(lease: Lease): void {
    this.#leases.delete(lease);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #renewDue(): void {
    for (const lease of this.#leases) {
      if (lease.age < this.#halfMilliseconds || lease.renewing || lease.lost.aborted) continue;
      lease.renew().catch((error: unknown) => {
        this.#logger.warn({ err: error, task: lease.task.id }, 'a lease could not be renewed yet');
      });
    }
  }
}
