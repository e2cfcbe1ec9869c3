import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { migrate, MIGRATIONS, type SqliteMigration } from '../../queue/store/sqlite/layout.ts';
import { openSqliteStore } from '../../queue/store/sqlite/store.ts';
import { expectFirstLayout } from './contract/first-layout.contract.ts';
import { findSqliteInconsistencies } from './contract/sqlite-integrity.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures/sqlite-0.1.0.sqlite.gz');
const LAYOUT_MODULE = join(import.meta.dirname, '../../queue/store/sqlite/layout.ts');

let folder: string;
let path: string;
const databases: DatabaseSync[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sqlite-'));
  path = join(folder, 'queue.sqlite');
});
afterEach(async () => {
  for (const database of databases.splice(0)) database.close();
  await rm(folder, { recursive: true });
});

const open = () => {
  const database = new DatabaseSync(path);
  databases.push(database);
  return database;
};
const layout = () => open().prepare('PRAGMA user_version').get()?.user_version;
const step = (to: number, sql: string): SqliteMigration => ({
  to,
  run: (database) => {
    database.exec(sql);
  },
});
const rename = step(2, "UPDATE tasks SET id = id || '-renamed'");

test('a file of version 0.1.0 gets a layout version and keeps every task as it was', async () => {
  writeFileSync(path, gunzipSync(readFileSync(FIXTURE)));
  expect(layout()).toBe(0);
  const clock = Date.UTC(2100, 0, 1, 0, 10) * 1000;
  const store = openSqliteStore(path, { now: () => clock });
  const database = open();
  await expectFirstLayout(store, (queue) => Promise.resolve(findSqliteInconsistencies(database, queue)), {
    ...{ dead: 4102444800000002, deadLease: 4102444800000003 },
    ...{ leased: 4102445400000010, lease: 4102449000000011 },
    ...{ untagged: 4102445400000013, tagged: 4102445400000015 },
  });
  await store.close();
  expect(layout()).toBe(1);
});

test('a new file gets the layout version of the program, which later starts accept', async () => {
  for (const id of ['a', 'b']) {
    const store = openSqliteStore(path);
    await store.insert({ project: 'p', queue: 'q' }, { id, payload: Buffer.alloc(1) });
    await store.close();
    expect(layout()).toBe(1);
  }
});

test('a file with a newer layout is refused and left alone', async () => {
  await openSqliteStore(path).close();
  open().exec('PRAGMA user_version = 7');
  const before = readFileSync(path);
  expect(() => openSqliteStore(path)).toThrow(
    /queue\.sqlite has layout 7, but this version of Renderfleet supports layouts up to 1\. /,
  );
  expect(readFileSync(path)).toEqual(before);
});

test('missing steps run in order, once each', () => {
  writeFileSync(path, gunzipSync(readFileSync(FIXTURE)));
  const steps = [...MIGRATIONS, rename, step(3, 'ALTER TABLE tasks ADD COLUMN priority INTEGER DEFAULT 5')];
  const database = open();
  migrate(database, 'The store', steps);
  migrate(database, 'The store', steps);
  expect(database.prepare('SELECT id, priority FROM tasks ORDER BY key LIMIT 1').get()).toEqual({
    id: 'dead-renamed',
    priority: 5,
  });
  expect(layout()).toBe(3);
});

test('a step that fails changes nothing; the steps before it stay done', () => {
  writeFileSync(path, gunzipSync(readFileSync(FIXTURE)));
  const database = open();
  const broken = step(3, "UPDATE tasks SET id = 'x' || key; SELECT nonsense");
  expect(() => {
    migrate(database, 'The store', [...MIGRATIONS, rename, broken]);
  }).toThrow('nonsense');
  expect(layout()).toBe(2);
  expect(database.prepare('SELECT id FROM tasks ORDER BY key LIMIT 1').get()).toEqual({
    id: 'dead-renamed',
  });
});

test('of processes that start at once, one runs a step', async () => {
  writeFileSync(path, gunzipSync(readFileSync(FIXTURE)));
  const program = `
    import { DatabaseSync } from 'node:sqlite';
    import { migrate, MIGRATIONS } from ${JSON.stringify(LAYOUT_MODULE)};
    const run = (database) => database.exec(${JSON.stringify("UPDATE tasks SET id = id || '-renamed'")});
    process.send('ready');
    process.once('message', () => {
      migrate(new DatabaseSync(${JSON.stringify(path)}, { timeout: 20000 }), 'The store', [...MIGRATIONS, { to: 2, run }]);
      process.disconnect();
    });`;
  const processes = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
  );
  await Promise.all(processes.map((child) => once(child, 'message')));
  const exits = processes.map((child) => once(child, 'exit'));
  for (const child of processes) child.send('go');
  expect(await Promise.all(exits)).toEqual(processes.map(() => [0, null]));
  expect(
    open().prepare("SELECT count(*) AS tasks FROM tasks WHERE id LIKE '%-renamed-renamed'").get(),
  ).toEqual({
    tasks: 0,
  });
  expect(layout()).toBe(2);
}, 60_000);
