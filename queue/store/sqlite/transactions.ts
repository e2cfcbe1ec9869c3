import { faults } from '../../wire/faults.ts';
import { deadLetterId, deadLetterQueue, LEASE_BYTES, STATS_SECONDS } from '../rules.ts';
import type {
  Deletion,
  Fence,
  HeldLease,
  LeaseOrder,
  LeaseOutcome,
  QueueEvent,
  QueueRef,
  ReadOptions,
  Renewal,
  StoredStats,
  StoredTask,
  TaskInsertion,
  TaskRecord,
} from '../task-store.ts';
import { QueueClock } from './queue-clock.ts';
import { taskRecord, type QueueRow, type Statements, type TaskRow } from './rows.ts';
import { TaskTable } from './task-table.ts';

interface Emission {
  queue: QueueRef;
  event: QueueEvent;
}

/** What a transaction answers, and the events to emit once it is committed. */
export interface Transition<T> {
  value: T;
  events: Emission[];
}

/** The operations of the port, each to run within a transaction. They throw before their first write or not at all. */
export class QueueTransactions {
  readonly #statements: Statements;
  readonly #tasks: TaskTable;
  readonly #clock: QueueClock;

  constructor(statements: Statements, now: () => number) {
    this.#statements = statements;
    this.#tasks = new TaskTable(statements);
    this.#clock = new QueueClock(statements, now);
  }

  insert(queue: QueueRef, { id, payload, tag = '' }: TaskInsertion): Transition<TaskRecord> {
    const row = this.#open(queue);
    if (this.#tasks.find(row, id) ?? this.#tombstone(row, id)) throw faults.taskNameTaken();
    const now = this.#clock.tick(row);
    const task = { id, eta: now, tag, enqueued: now, leased: 0, retries: 0 };
    const value = taskRecord(this.#tasks.add(row, task, payload));
    return { value, events: [{ queue, event: { kind: 'available', tag } }] };
  }

  lease(queue: QueueRef, order: LeaseOrder): Transition<LeaseOutcome> {
    const row = this.#open(queue);
    const now = this.#clock.tick(row);
    const events: Emission[] = [];
    const filter = order.filter.by === 'oldest' ? this.#oldestTag(row, now) : order.filter;
    const tasks: StoredTask[] = [];
    let room = LEASE_BYTES;
    let more = true;
    while (more && tasks.length < order.count) {
      const next = this.#tasks.next(row, filter, order.count - tasks.length).filter(({ eta }) => eta <= now);
      more = next.length > 0 && order.leaseSeconds > 0;
      for (const task of next) {
        if (order.maxAttempts !== undefined && task.retries >= order.maxAttempts) {
          events.push(...this.#deadLetter(queue, row, task));
          continue;
        }
        const payload = order.payload === false ? undefined : this.#tasks.payload(task);
        room -= payload?.length ?? 0;
        if (room < 0 && tasks.length > 0) {
          more = false;
          break;
        }
        const end = this.#clock.leaseEnd(row, now + order.leaseSeconds * 1e6);
        // A lease of 0 seconds expires at once, even if its end is moved ahead to be unique.
        const eta = order.leaseSeconds === 0 ? now : end;
        const change = { eta, leased: end, retries: task.retries + 1 };
        tasks.push(withPayload(this.#tasks.replace(row, task, change), payload));
      }
    }
    if (tasks.length > 0) this.#clock.countLeases(row, now, tasks.length);
    const following = tasks.length > 0 ? undefined : this.#tasks.next(row, order.filter, 1)[0];
    return { value: { tasks, nextIn: following && Math.max(following.eta - now, 0) }, events };
  }

  renew(queue: QueueRef, renewal: Renewal): Transition<StoredTask> {
    const { id, leaseSeconds, tag, fence } = renewal;
    const [row, task] = this.#held(queue, id, fence);
    if (task.eta <= this.#clock.peek(row)) throw faults.leaseExpired();
    const now = this.#clock.tick(row);
    const end = this.#clock.leaseEnd(row, now + leaseSeconds * 1e6);
    const eta = leaseSeconds === 0 ? now : end;
    const renewed = this.#tasks.replace(row, task, { eta, leased: end, tag: tag ?? task.tag });
    const isRetagged = renewed.tag !== task.tag;
    const events: Emission[] = [];
    if (isRetagged) events.push({ queue, event: { kind: 'removed', tag: task.tag } });
    if (isRetagged || eta < task.eta) events.push({ queue, event: { kind: 'available', tag: renewed.tag } });
    return { value: this.#read(renewed, renewal), events };
  }

  release(queue: QueueRef, leases: readonly HeldLease[]): Transition<void> {
    const row = this.#open(queue);
    const events: Emission[] = [];
    for (const { id, leased } of leases) {
      const task = this.#tasks.find(row, id);
      if (task?.leased !== leased || task.eta <= this.#clock.peek(row)) continue;
      const now = this.#clock.tick(row);
      const end = this.#clock.leaseEnd(row, now);
      this.#tasks.replace(row, task, { eta: now, leased: end, retries: task.retries - 1 });
      events.push({ queue, event: { kind: 'available', tag: task.tag } });
    }
    return { value: undefined, events };
  }

  delete(queue: QueueRef, { id, fence, tombstoneSeconds }: Deletion): Transition<void> {
    const [row, task] = this.#held(queue, id, fence);
    this.#tasks.remove(row, task);
    if (tombstoneSeconds > 0) {
      const now = this.#clock.tick(row);
      this.#statements.change('DELETE FROM tombstones WHERE queue = ? AND until <= ?').run(row.key, now);
      this.#statements
        .change('INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?)')
        .run(row.key, id, now + tombstoneSeconds * 1e6);
    }
    return { value: undefined, events: [{ queue, event: { kind: 'removed', tag: task.tag } }] };
  }

  get(queue: QueueRef, id: string, options: ReadOptions): StoredTask {
    const row = this.#find(queue);
    const task = row && this.#tasks.find(row, id);
    if (!task) throw faults.taskNotFound();
    return this.#read(task, options);
  }

  list(queue: QueueRef, limit: number, options: ReadOptions): StoredTask[] {
    const row = this.#find(queue);
    const tasks = row ? this.#tasks.first(row, limit) : [];
    return tasks.map((task) => this.#read(task, options));
  }

  stats(queue: QueueRef, tag: string | undefined): StoredStats {
    const row = this.#find(queue);
    if (!row) return { total: 0, available: 0, oldest: 0, leasedLastMinute: 0, leasedLastHour: 0 };
    const now = this.#clock.peek(row);
    const total = this.#tasks.total(row, tag);
    const filter = tag === undefined ? ({ by: 'any' } as const) : ({ by: 'tag', tag } as const);
    return {
      total,
      available: total - this.#tasks.countLeased(row, tag, now),
      oldest: this.#tasks.next(row, filter, 1)[0]?.enqueued ?? 0,
      leasedLastMinute: this.#clock.leasesWithin(row, now, STATS_SECONDS.minute),
      leasedLastHour: this.#clock.leasesWithin(row, now, STATS_SECONDS.hour),
    };
  }

  #read(task: TaskRow, { payload = true }: ReadOptions): StoredTask {
    return withPayload(task, payload ? this.#tasks.payload(task) : undefined);
  }

  #find({ project, queue }: QueueRef): QueueRow | undefined {
    return this.#statements
      .query<QueueRow>('SELECT key, clock, total FROM queues WHERE project = ? AND name = ?')
      .get(project, queue);
  }

  #open(queue: QueueRef): QueueRow {
    const known = this.#find(queue);
    if (known) return known;
    const { lastInsertRowid } = this.#statements
      .change('INSERT INTO queues (project, name) VALUES (?, ?)')
      .run(queue.project, queue.queue);
    return { key: Number(lastInsertRowid), clock: 0, total: 0 };
  }

  #held(queue: QueueRef, id: string, fence: Fence): [QueueRow, TaskRow] {
    const row = this.#find(queue);
    const task = row && this.#tasks.find(row, id);
    if (!task) throw faults.taskNotFound();
    if (fence && !fence.includes(task.leased)) throw faults.leaseSuperseded();
    return [row, task];
  }

  #oldestTag(row: QueueRow, now: number): { by: 'tag'; tag: string } {
    const head = this.#tasks.first(row, 1).find(({ eta }) => eta <= now);
    return { by: 'tag', tag: head?.tag ?? '' };
  }

  #tombstone(row: QueueRow, id: string): object | undefined {
    return this.#statements
      .query<object>('SELECT until FROM tombstones WHERE queue = ? AND id = ? AND until > ?')
      .get(row.key, id, this.#clock.peek(row));
  }

  #deadLetter(queue: QueueRef, row: QueueRow, task: TaskRow): Emission[] {
    const deadLetters = deadLetterQueue(queue);
    const dead = this.#open(deadLetters);
    const id = this.#tasks.find(dead, task.id) ? deadLetterId(task.id, task.enqueued) : task.id;
    const payload = this.#tasks.payload(task);
    this.#tasks.remove(row, task);
    const { tag, enqueued, leased, retries } = task;
    this.#tasks.add(dead, { id, eta: this.#clock.tick(dead), tag, enqueued, leased, retries }, payload);
    return [
      { queue, event: { kind: 'removed', tag } },
      { queue: deadLetters, event: { kind: 'available', tag } },
    ];
  }
}

function withPayload(task: TaskRow, payload: Buffer | undefined): StoredTask {
  return payload ? { ...taskRecord(task), payload } : taskRecord(task);
}
