import { expect, test } from '@jest/globals';
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

test('SQLite does what the model does', async () => {
  const under = await openUnderTest();
  const property = fc.asyncProperty(operations, (run) => compareWithModel(under, run));
  await fc.assert(property, { numRuns: 100 });
  await under.close();
  expect.hasAssertions();
}, 120_000);
