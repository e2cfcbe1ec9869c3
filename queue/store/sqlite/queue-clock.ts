import type { QueueRow, Statements } from './rows.ts';

/** Lease ends are made unique within slots of this many microseconds: a lease may end that much later than asked for. */
const SLOT = 100_000;
const HOUR_SECONDS = 3600;

/** One queue's time, which never goes back, its unique lease ends and its counts of leases. */
export class QueueClock {
  readonly #statements: Statements;
  readonly #now: () => number;

  /** @param now microseconds since the epoch */
  constructor(statements: Statements, now: () => number) {
    this.#statements = statements;
    this.#now = now;
  }

  /** A time later than any that this queue has seen; kept. */
  tick(queue: QueueRow): number {
    queue.clock = Math.max(this.#now(), queue.clock + 1);
    this.#statements.change('UPDATE queues SET clock = ? WHERE key = ?').run(queue.clock, queue.key);
    return queue.clock;
  }

  /** The present time without keeping it, for looking only. */
  peek(queue: QueueRow | undefined): number {
    return Math.max(this.#now(), queue?.clock ?? 0);
  }

  /** The first time from `at` on at which no lease of this queue ends or ended. */
  leaseEnd(queue: QueueRow, at: number): number {
    const slot = Math.floor(at / SLOT);
    const taken = this.#statements
      .query<{ last: number }>('SELECT last FROM lease_ends WHERE queue = ? AND slot = ?')
      .get(queue.key, slot);
    const end = taken === undefined ? at : Math.max(at, taken.last + 1);
    if (Math.floor(end / SLOT) !== slot) return this.leaseEnd(queue, end);
    this.#statements
      .change('INSERT OR REPLACE INTO lease_ends (queue, slot, last) VALUES (?, ?, ?)')
      .run(queue.key, slot, end);
    return end;
  }

  /** Adds to the counts of leases and drops what has grown old. */
  countLeases(queue: QueueRow, now: number, leases: number): void {
    const second = Math.floor(now / 1e6);
    this.#statements
      .change(
        'INSERT INTO lease_counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET leases = leases + excluded.leases',
      )
      .run(queue.key, second, leases);
    this.#statements
      .change('DELETE FROM lease_counts WHERE queue = ? AND second <= ?')
      .run(queue.key, second - HOUR_SECONDS);
    this.#statements
      .change('DELETE FROM lease_ends WHERE queue = ? AND slot < ?')
      .run(queue.key, Math.floor(now / SLOT));
  }

  /** Leases within the last so many seconds, 3600 at most. */
  leasesWithin(queue: QueueRow, now: number, seconds: number): number {
    const since = Math.floor(now / 1e6) - seconds;
    const sum = this.#statements
      .query<{ leases: number }>(
        'SELECT coalesce(sum(leases), 0) AS leases FROM lease_counts WHERE queue = ? AND second > ?',
      )
      .get(queue.key, since);
    return sum?.leases ?? 0;
  }
}
