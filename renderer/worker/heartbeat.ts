import type { Logger } from 'pino';
import type { Lease } from './lease.ts';

/** When a lease is renewed, as parts of its length: after half of it, plus up to a tenth so that renewals spread out. */
const RENEW_AFTER = 0.5;
const JITTER = 0.1;

/** How often leases are checked, as a part of their length: a failed renewal is tried again that soon. */
const CHECK_EVERY = 0.05;

export interface HeartbeatOptions {
  /** Length of the leases in seconds. */
  seconds: number;
  logger: Logger;
  /** A number from 0 to 1, like Math.random. */
  random?: () => number;
}

/** Renews the leases of unfinished tasks, each after half of its length, until they are removed. */
export class Heartbeat {
  readonly #dueAges = new Map<Lease, number>();
  readonly #milliseconds: number;
  readonly #logger: Logger;
  readonly #random: () => number;
  readonly #timer: NodeJS.Timeout;

  constructor({ seconds, logger, random = Math.random }: HeartbeatOptions) {
    this.#milliseconds = seconds * 1000;
    this.#logger = logger;
    this.#random = random;
    this.#timer = setInterval(() => {
      this.#renewDue();
    }, this.#milliseconds * CHECK_EVERY);
  }

  /** How many tasks this process holds. */
  get held(): number {
    return this.#dueAges.size;
  }

  add(lease: Lease): void {
    this.#dueAges.set(lease, this.#milliseconds * (RENEW_AFTER + JITTER * this.#random()));
  }

  remove(lease: Lease): void {
    this.#dueAges.delete(lease);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #renewDue(): void {
    for (const [lease, dueAge] of this.#dueAges) {
      if (lease.age < dueAge || lease.renewing || lease.lost.aborted) continue;
      lease.renew().catch((error: unknown) => {
        this.#logger.warn({ err: error, task: lease.task.id }, 'renewing a lease failed, trying again');
      });
    }
  }
}
