import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TaskRecord } from '../task-store.ts';

export interface QueueRow {
  key: number;
  clock: number;
  total: number;
}

export interface TaskRow {
  key: number;
  id: string;
  eta: number;
  tag: string;
  enqueued: number;
  leased: number;
  retries: number;
}

type Value = string | number | Uint8Array;

/** A prepared statement with the shape of its rows. */
export interface Query<Row> {
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
}

export interface Change {
  run(...values: Value[]): ReturnType<StatementSync['run']>;
}

/** Prepares each statement once, on first use. */
export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  query<Row>(sql: string): Query<Row> {
    return this.#prepare(sql) as unknown as Query<Row>;
  }

  change(sql: string): Change {
    return this.#prepare(sql);
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

/** A row in the port's form. */
export function taskRecord({ id, tag, enqueued, leased, retries }: TaskRow): TaskRecord {
  return { id, tag: tag === '' ? undefined : tag, enqueued, leased, retries };
}
