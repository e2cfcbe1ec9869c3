import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { findSqliteInconsistencies } from './contract/sqlite-integrity.ts';
import { describeTaskStore, type StoreUnderTest } from './contract/task-store.contract.ts';
import { compareWithModel, operations } from './contract/task-store.model.ts';
import { openSqliteStore } from '../../queue/store/sqlite/store.ts';

/** A store in shared memory whose clock the test sets; it moves by a microsecond whenever it is read. */
function openUnderTest(): Promise<StoreUnderTest> {
  let time = 1_700_000_000_000_000;
  const path = `file:${randomUUID()}?mode=memory&cache=shared`;
  const store = openSqliteStore(path, { now: () => (time += 1) });
  const database = new DatabaseSync(path);
  return Promise.resolve({
    store,
    freeze: () => Promise.resolve(),
    advance: (_queue, seconds) => {
      time += seconds * 1e6;
      return Promise.resolve();
    },
    now: () => Promise.resolve(time + 1),
    inconsistencies: (queue) => Promise.resolve(findSqliteInconsistencies(database, queue)),
    close: () => {
      database.close();
      return store.close();
    },
  });
}

describeTaskStore('SQLite', openUnderTest);

test('an unwanted payload is not read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sqlite-'));
  const path = join(folder, 'queue.sqlite');
  const store = openSqliteStore(path);
  const queue = { project: 'p', queue: 'q' };
  await store.insert(queue, { id: 'a', payload: Buffer.from('x') });
  const database = new DatabaseSync(path);
  database.exec('DELETE FROM payloads');
  database.close();
  const without = { payload: false };
  const order = { count: 1, leaseSeconds: 60, filter: { by: 'any' } as const, ...without };
  expect((await store.lease(queue, order)).tasks).toMatchObject([{ id: 'a' }]);
  expect(await store.renew(queue, { id: 'a', leaseSeconds: 60, ...without })).toMatchObject({ id: 'a' });
  expect(await store.get(queue, 'a', without)).toMatchObject({ id: 'a' });
  expect(await store.list(queue, 100, without)).toMatchObject([{ id: 'a' }]);
  await expect(store.get(queue, 'a')).rejects.toThrow('task a has no payload');
  await store.close();
  await rm(folder, { recursive: true });
});

test('SQLite behaves like the model', async () => {
  const under = await openUnderTest();
  const property = fc.asyncProperty(operations, (run) => compareWithModel(under, run));
  await fc.assert(property, { numRuns: 100 });
  await under.close();
  expect.hasAssertions();
}, 120_000);
