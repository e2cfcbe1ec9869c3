import type { DatabaseSync } from 'node:sqlite';
import { currentLayout, newerLayout, type Migration } from '../rules.ts';

export type SqliteMigration = Migration<(database: DatabaseSync) => void>;

/** Two ordered indexes over the tasks; payloads apart so that a renewal does not rewrite them; times in microseconds. */
const TABLES = `
CREATE TABLE IF NOT EXISTS queues (
  key INTEGER PRIMARY KEY, project TEXT NOT NULL, name TEXT NOT NULL, clock INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0, UNIQUE (project, name)
) STRICT;
CREATE TABLE IF NOT EXISTS tasks (
  key INTEGER PRIMARY KEY, queue INTEGER NOT NULL, id TEXT NOT NULL, eta INTEGER NOT NULL, tag TEXT NOT NULL,
  enqueued INTEGER NOT NULL, leased INTEGER NOT NULL, retries INTEGER NOT NULL, UNIQUE (queue, id)
) STRICT;
CREATE INDEX IF NOT EXISTS tasks_by_eta ON tasks (queue, eta, id);
CREATE INDEX IF NOT EXISTS tasks_by_tag ON tasks (queue, tag, eta, id);
CREATE TABLE IF NOT EXISTS payloads (task INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS tag_totals (
  queue INTEGER NOT NULL, tag TEXT NOT NULL, total INTEGER NOT NULL, PRIMARY KEY (queue, tag)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tombstones (
  queue INTEGER NOT NULL, id TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (queue, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tombstones_by_end ON tombstones (queue, until);
CREATE TABLE IF NOT EXISTS lease_counts (
  queue INTEGER NOT NULL, second INTEGER NOT NULL, leases INTEGER NOT NULL, PRIMARY KEY (queue, second)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lease_ends (
  queue INTEGER NOT NULL, slot INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (queue, slot)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS probe (key INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
`;

/** A new file has layout 0, and so has one of version 0.1.0, which had these tables but no mark. */
export const MIGRATIONS: readonly SqliteMigration[] = [
  {
    to: 1,
    run: (database) => {
      database.exec(TABLES);
    },
  },
];

/**
 * Brings a database to this program's layout, each step with its mark in one transaction. Of several processes one runs a
 * step, and the others wait for it. Throws if the layout is newer, without changing anything.
 *
 * @param name what to call the database in the message
 */
export function migrate(
  database: DatabaseSync,
  name: string,
  migrations: readonly SqliteMigration[] = MIGRATIONS,
): void {
  const found = layoutOf(database);
  if (found > currentLayout(migrations)) throw new Error(newerLayout(name, found, migrations));
  for (const step of migrations) if (step.to > found) runStep(database, step);
}

function runStep(database: DatabaseSync, { to, run }: SqliteMigration): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have run it while this one waited for the lock.
    if (layoutOf(database) < to) {
      run(database);
      database.exec(`PRAGMA user_version = ${to}`);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function layoutOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}
