import { expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describeTaskStore, type StoreUnderTest } from '../../../test/queue/contract/task-store.contract.ts';
import { compareWithModel, operations } from '../../../test/queue/contract/task-store.model.ts';
import { openSqliteStore } from './store.ts';

/** A store in memory whose clock the test turns; it moves by a microsecond whenever it is looked at. */
function openUnderTest(): Promise<StoreUnderTest> {
  let time = 1_700_000_000_000_000;
  const store = openSqliteStore(':memory:', { now: () => (time += 1) });
  return Promise.resolve({
    store,
    freeze: () => Promise.resolve(),
    advance: (_queue, seconds) => {
      time += seconds * 1e6;
      return Promise.resolve();
    },
    now: () => Promise.resolve(time + 1),
    close: () => store.close(),
  });
}

describeTaskStore('SQLite', openUnderTest);

test('a payload that nobody wants is not read', async () => {
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

test('SQLite does what the model does', async () => {
  const under = await openUnderTest();
  const property = fc.asyncProperty(operations, (run) => compareWithModel(under, run));
  await fc.assert(property, { numRuns: 100 });
  await under.close();
  expect.hasAssertions();
}, 120_000);
