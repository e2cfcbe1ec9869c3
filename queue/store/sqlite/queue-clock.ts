import { LEASE_END_SLOT, STATS_SECONDS } from '../rules.ts';
import type { QueueRow, Statements } from './rows.ts';

/** One queue's time, which never goes back, its unique lease ends, and its counts of leases. */
export class QueueClock {
  readonly #statements: Statements;
  readonly #now: () => number;

  /** @param now microseconds since the epoch */
  constructor(statements: Statements, now: () => number) {
    this.#statements = statements;
    this.#now = now;
  }

  /** Moves the clock to a time later than any that this queue has seen. */
  tick(queue: QueueRow): number {
    queue.clock = Math.max(this.#now(), queue.clock + 1);
    this.#statements.change('UPDATE queues SET clock = ? WHERE key = ?').run(queue.clock, queue.key);
    return queue.clock;
  }

  /** The current time, for reads: the clock stays as it is. */
  peek(queue: QueueRow | undefined): number {
    return Math.max(this.#now(), queue?.clock ?? 0);
  }

  /** The first time from `at` on at which no other lease of this queue ends or has ended. */
  leaseEnd(queue: QueueRow, at: number): number {
    const slot = Math.floor(at / LEASE_END_SLOT);
    const taken = this.#statements
      .query<{ last: number }>('SELECT last FROM lease_ends WHERE queue = ? AND slot = ?')
      .get(queue.key, slot);
    const end = taken === undefined ? at : Math.max(at, taken.last + 1);
    if (Math.floor(end / LEASE_END_SLOT) !== slot) return this.leaseEnd(queue, end);
    this.#statements
      .change('INSERT OR REPLACE INTO lease_ends (queue, slot, last) VALUES (?, ?, ?)')
      .run(queue.key, slot, end);
    return end;
  }

  /** Adds to the counts of leases and deletes those that are too old to matter. */
  countLeases(queue: QueueRow, now: number, leases: number): void {
    const second = Math.floor(now / 1e6);
    this.#statements
      .change(
        'INSERT INTO lease_counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET leases = leases + excluded.leases',
      )
      .run(queue.key, second, leases);
    this.#statements
      .change('DELETE FROM lease_counts WHERE queue = ? AND second <= ?')
      .run(queue.key, second - STATS_SECONDS.hour);
    this.#statements
      .change('DELETE FROM lease_ends WHERE queue = ? AND slot < ?')
      .run(queue.key, Math.floor(now / LEASE_END_SLOT));
  }

  /** Leases within the last `seconds`, an hour at most. */
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
