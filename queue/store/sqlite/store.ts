import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { faults, QueueFault } from '../../wire/faults.ts';
import type {
  Deletion,
  HeldLease,
  LeaseOrder,
  LeaseOutcome,
  QueueNotice,
  QueueRef,
  ReadOptions,
  Renewal,
  StoredStats,
  StoredTask,
  TaskInsertion,
  TaskRecord,
  TaskStore,
} from '../task-store.ts';
import { makeFolder } from '../../../service/make-folder.ts';
import { GroupCommit } from './group-commit.ts';
import { findInconsistencies } from './integrity.ts';
import { Notices } from './notices.ts';
import { Statements, type QueueRow } from './rows.ts';
import { SCHEMA } from './schema.ts';
import { QueueTransactions, type Transition } from './transactions.ts';

export interface SqliteStoreOptions {
  /** Microseconds since the epoch. */
  now?: () => number;
}

/**
 * Opens the store of one machine: a file made when it is missing, or `:memory:`. What was acknowledged is synchronised to
 * disk. One process at a time may use a file.
 */
export function openSqliteStore(
  path: string,
  { now = () => Date.now() * 1000 }: SqliteStoreOptions = {},
): TaskStore {
  if (path !== ':memory:') makeFolder(dirname(path));
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;');
  database.exec(SCHEMA);
  return new SqliteTaskStore(database, now);
}

class SqliteTaskStore implements TaskStore {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #transactions: QueueTransactions;
  readonly #group: GroupCommit;
  readonly #notices = new Notices();

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database;
    this.#statements = new Statements(database);
    this.#transactions = new QueueTransactions(this.#statements, now);
    this.#group = new GroupCommit(database, (error) => error instanceof QueueFault);
  }

  insert(queue: QueueRef, task: TaskInsertion): Promise<TaskRecord> {
    return this.#run((transactions) => transactions.insert(queue, task));
  }

  lease(queue: QueueRef, order: LeaseOrder): Promise<LeaseOutcome> {
    return this.#run((transactions) => transactions.lease(queue, order));
  }

  renew(queue: QueueRef, renewal: Renewal): Promise<StoredTask> {
    return this.#run((transactions) => transactions.renew(queue, renewal));
  }

  release(queue: QueueRef, leases: readonly HeldLease[]): Promise<void> {
    return this.#run((transactions) => transactions.release(queue, leases));
  }

  delete(queue: QueueRef, deletion: Deletion): Promise<void> {
    return this.#run((transactions) => transactions.delete(queue, deletion));
  }

  get(queue: QueueRef, id: string, options: ReadOptions = {}): Promise<StoredTask> {
    return this.#look(() => this.#transactions.get(queue, id, options));
  }

  list(queue: QueueRef, limit: number, options: ReadOptions = {}): Promise<StoredTask[]> {
    return this.#look(() => this.#transactions.list(queue, limit, options));
  }

  stats(queue: QueueRef, tag?: string): Promise<StoredStats> {
    return this.#look(() => this.#transactions.stats(queue, tag));
  }

  async watch(queue: QueueRef, listener: (notice: QueueNotice) => void): Promise<() => void> {
    return Promise.resolve(this.#notices.watch(queue, listener));
  }

  async check(): Promise<string[]> {
    try {
      await this.#group.run(() =>
        this.#statements.change('INSERT OR REPLACE INTO probe (key, at) VALUES (1, ?)').run(Date.now()),
      );
      return [];
    } catch (error) {
      return [`SQLite refuses to write: ${(error as Error).message}`];
    }
  }

  async inconsistencies({ project, queue }: QueueRef): Promise<string[]> {
    const row = this.#statements
      .query<QueueRow>('SELECT key, clock, total FROM queues WHERE project = ? AND name = ?')
      .get(project, queue);
    return Promise.resolve(row ? findInconsistencies(this.#statements, row) : []);
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return Promise.resolve();
    this.#group.flush();
    this.#database.close();
    return Promise.resolve();
  }

  async #run<T>(transition: (transactions: QueueTransactions) => Transition<T>): Promise<T> {
    try {
      const { value, notices } = await this.#group.run(() => transition(this.#transactions));
      for (const { queue, notice } of notices) this.#notices.emit(queue, notice);
      return value;
    } catch (error) {
      throw asFault(error);
    }
  }

  #look<T>(read: () => T): Promise<T> {
    return new Promise<T>((resolve) => {
      resolve(read());
    }).catch((error: unknown) => {
      throw asFault(error);
    });
  }
}

/** SQLite's own refusals (disk full, file locked, read-only) are the storage's, not the caller's nor a bug. */
function asFault(error: unknown): unknown {
  const code = (error as { code?: string }).code;
  if (code !== 'ERR_SQLITE_ERROR' && code !== 'ERR_INVALID_STATE') return error;
  return faults.unavailable('The task storage does not take requests at the moment.', error);
}
