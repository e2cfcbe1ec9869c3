import type { TagFilter } from '../task-store.ts';
import type { QueueRow, Statements, TaskRow } from './rows.ts';

const COLUMNS = 'key, id, eta, tag, enqueued, leased, retries';

/** The rows of tasks, their payloads and counts: the only code that writes them. */
export class TaskTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  find(queue: QueueRow, id: string): TaskRow | undefined {
    return this.#statements
      .query<TaskRow>(`SELECT ${COLUMNS} FROM tasks WHERE queue = ? AND id = ?`)
      .get(queue.key, id);
  }

  first(queue: QueueRow, limit: number): TaskRow[] {
    return this.#statements
      .query<TaskRow>(`SELECT ${COLUMNS} FROM tasks WHERE queue = ? ORDER BY eta, id LIMIT ?`)
      .all(queue.key, limit);
  }

  /** The next tasks that match a filter, available or not, oldest ETA first. */
  next(queue: QueueRow, filter: TagFilter, limit: number): TaskRow[] {
    if (filter.by !== 'tag') return this.first(queue, limit);
    return this.#statements
      .query<TaskRow>(`SELECT ${COLUMNS} FROM tasks WHERE queue = ? AND tag = ? ORDER BY eta, id LIMIT ?`)
      .all(queue.key, filter.tag, limit);
  }

  payload(task: TaskRow): Buffer {
    const row = this.#statements
      .query<{ bytes: Uint8Array }>('SELECT bytes FROM payloads WHERE task = ?')
      .get(task.key);
    if (!row) throw new Error(`task ${task.id} has no payload`);
    const { buffer, byteOffset, byteLength } = row.bytes;
    return Buffer.from(buffer, byteOffset, byteLength);
  }

  add(queue: QueueRow, task: Omit<TaskRow, 'key'>, payload: Uint8Array): TaskRow {
    const { id, eta, tag, enqueued, leased, retries } = task;
    const { lastInsertRowid } = this.#statements
      .change(
        'INSERT INTO tasks (queue, id, eta, tag, enqueued, leased, retries) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(queue.key, id, eta, tag, enqueued, leased, retries);
    const key = Number(lastInsertRowid);
    this.#statements.change('INSERT INTO payloads (task, bytes) VALUES (?, ?)').run(key, payload);
    this.#count(queue, tag, 1);
    return { key, ...task };
  }

  remove(queue: QueueRow, task: TaskRow): void {
    this.#statements.change('DELETE FROM tasks WHERE key = ?').run(task.key);
    this.#statements.change('DELETE FROM payloads WHERE task = ?').run(task.key);
    this.#count(queue, task.tag, -1);
  }

  replace(queue: QueueRow, task: TaskRow, change: Partial<TaskRow>): TaskRow {
    const changed = { ...task, ...change };
    const { eta, tag, leased, retries, key } = changed;
    this.#statements
      .change('UPDATE tasks SET eta = ?, tag = ?, leased = ?, retries = ? WHERE key = ?')
      .run(eta, tag, leased, retries, key);
    if (tag !== task.tag) {
      this.#count(queue, task.tag, -1);
      this.#count(queue, tag, 1);
    }
    return changed;
  }

  total(queue: QueueRow, tag: string | undefined): number {
    if (tag === undefined) return queue.total;
    const row = this.#statements
      .query<{ total: number }>('SELECT total FROM tag_totals WHERE queue = ? AND tag = ?')
      .get(queue.key, tag);
    return row?.total ?? 0;
  }

  /** Counts leased tasks, those with an ETA in the future: few, so counting them is cheap. */
  countLeased(queue: QueueRow, tag: string | undefined, now: number): number {
    const [where, values] =
      tag === undefined
        ? ['queue = ? AND eta > ?', [queue.key, now]]
        : ['queue = ? AND tag = ? AND eta > ?', [queue.key, tag, now]];
    return (
      this.#statements
        .query<{ leased: number }>(`SELECT count(*) AS leased FROM tasks WHERE ${where}`)
        .get(...values)?.leased ?? 0
    );
  }

  #count(queue: QueueRow, tag: string, by: number): void {
    queue.total += by;
    this.#statements.change('UPDATE queues SET total = total + ? WHERE key = ?').run(by, queue.key);
    this.#statements
      .change(
        'INSERT INTO tag_totals VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET total = total + excluded.total',
      )
      .run(queue.key, tag, by);
    if (by < 0)
      this.#statements
        .change('DELETE FROM tag_totals WHERE queue = ? AND tag = ? AND total = 0')
        .run(queue.key, tag);
  }
}
