import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredTask } from '../task-store.ts';

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

/** Prepares statements once each, when first used. */
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

/** A row with its payload as the port gives tasks out. */
export function storedTask(row: TaskRow, payload: Uint8Array): StoredTask {
  return {
    id: row.id,
    payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
    tag: row.tag === '' ? undefined : row.tag,
    enqueued: row.enqueued,
    leased: row.leased,
    retries: row.retries,
  };
}
