import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { TaskStore } from '../store/task-store.ts';
import { createQueueApp } from '../app.ts';

const TASKS = '/taskqueue/v1beta2/projects/p/taskqueues/q/tasks';

let store: TaskStore;
beforeEach(() => {
  store = openSqliteStore(':memory:');
});
afterEach(() => store.close());

test('64-bit integers are strings if configured', async () => {
  const strings = createQueueApp({ store, settings: { int64: 'string' } });
  const inserted = await strings.inject({
    method: 'POST',
    url: TASKS,
    payload: '{"payloadBase64":"","id":"s"}',
  });
  expect(inserted.json()).toMatchObject({
    enqueueTimestamp: expect.stringMatching(/^\d{16}$/),
    leaseTimestamp: '0',
    retry_count: 0,
  });
  const queue = await strings.inject({ url: `${TASKS.replace(/\/tasks$/, '')}?getStats=true` });
  expect(queue.json()).toMatchObject({
    stats: { totalTasks: 1, oldestTask: expect.stringMatching(/^\d{10}$/) },
  });
  await strings.close();
});

test('with a list of queues no others exist', async () => {
  const fixed = createQueueApp({ store, settings: { queues: ['q', 'other/r'] } });
  const status = async (path: string) => (await fixed.inject({ url: path })).statusCode;
  expect(await status(TASKS)).toBe(200);
  expect(await status(TASKS.replace('/q/', '/q-dead/'))).toBe(200);
  expect(await status(TASKS.replace('/q/', '/r/'))).toBe(404);
  expect(await status(TASKS.replace('/p/', '/other/').replace('/q/', '/r/'))).toBe(200);
  await fixed.close();
});

test('a task leased too often moves to the dead-letter queue', async () => {
  const bounded = createQueueApp({ store, settings: { maxAttempts: new Map([['q', 1]]) } });
  await bounded.inject({ method: 'POST', url: TASKS, payload: '{"id":"a","payloadBase64":""}' });
  const lease = async () =>
    (await bounded.inject({ method: 'POST', url: `${TASKS}/lease?numTasks=1&leaseSecs=0` })).json<{
      items: unknown[];
    }>().items;
  expect(await lease()).toHaveLength(1);
  expect(await lease()).toHaveLength(0);
  const dead = await bounded.inject({ url: TASKS.replace('/q/', '/q-dead/') });
  expect(dead.json()).toMatchObject({ items: [{ id: 'a', queueName: 'q-dead', retry_count: 1 }] });
  await bounded.close();
});
