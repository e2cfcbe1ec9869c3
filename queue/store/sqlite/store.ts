import { EventEmitter } from 'node:events';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { faults, QueueFault } from '../../wire/faults.ts';
import type {
  Deletion,
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
  TaskStore,
} from '../task-store.ts';
import { makeFolder } from '../../../service/make-folder.ts';
import { GroupCommit } from './group-commit.ts';
import { migrate } from './layout.ts';
import { Statements } from './rows.ts';
import { QueueTransactions, type Transition } from './transactions.ts';

export interface SqliteStoreOptions {
  /** Microseconds since the epoch. */
  now?: () => number;
}

/**
 * Opens the store of one machine: a file, created if it is missing, or `:memory:`. Acknowledged operations are synced to disk.
 * Only one process at a time may use a file. Throws if the folder cannot be created or the file cannot be opened, or if its
 * layout is newer than this program.
 */
export function openSqliteStore(
  path: string,
  { now = () => Date.now() * 1000 }: SqliteStoreOptions = {},
): TaskStore {
  if (path !== ':memory:') makeFolder(dirname(path));
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    migrate(database, `The task storage ${path}`);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;');
  } catch (error) {
    database.close();
    throw error;
  }
  return new SqliteTaskStore(database, now);
}

class SqliteTaskStore implements TaskStore {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #transactions: QueueTransactions;
  readonly #group: GroupCommit;
  /** Tells watchers in this process what happened in a queue. */
  readonly #events = new EventEmitter().setMaxListeners(0);

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

  async watch(queue: QueueRef, listener: (event: QueueEvent) => void): Promise<() => void> {
    const name = channelOf(queue);
    this.#events.on(name, listener);
    return Promise.resolve(() => this.#events.off(name, listener));
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

  async close(): Promise<void> {
    if (!this.#database.isOpen) return Promise.resolve();
    this.#group.flush();
    this.#database.close();
    return Promise.resolve();
  }

  async #run<T>(transition: (transactions: QueueTransactions) => Transition<T>): Promise<T> {
    try {
      const { value, events } = await this.#group.run(() => transition(this.#transactions));
      for (const { queue, event } of events) this.#events.emit(channelOf(queue), event);
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

function channelOf({ project, queue }: QueueRef): string {
  return `${project}/${queue}`;
}

/** SQLite's own refusals (disk full, file locked, read-only) are faults of the storage, neither of the caller nor bugs. */
function asFault(error: unknown): unknown {
  const code = (error as { code?: string }).code;
  if (code !== 'ERR_SQLITE_ERROR' && code !== 'ERR_INVALID_STATE') return error;
  return faults.storeUnavailable('The task storage does not accept requests at the moment.', error);
}
