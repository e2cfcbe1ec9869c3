import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { LeaseOutcome, TaskStore } from '../store/task-store.ts';
import { WaitingLeases } from './waiting-leases.ts';
import { WaitingStats } from './waiting-stats.ts';

const QUEUE = { project: 'p', queue: 'q' };
const ORDER = { count: 1, leaseSeconds: 60, filter: { by: 'any' } as const };
const BY_TAG = { ...ORDER, filter: { by: 'tag', tag: 'x' } as const };

let store: TaskStore;
let leases: WaitingLeases;
let calls: number;
beforeEach(() => {
  store = openSqliteStore(':memory:');
  calls = 0;
  const counted = new Proxy(store, {
    get: (target, name) => {
      if (name === 'lease' || name === 'stats') calls += 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  leases = new WaitingLeases(counted);
});
afterEach(async () => {
  leases.release();
  await store.close();
});

const stays = () => ({ gone: false, signal: new AbortController().signal });
const insert = (id: string, tag?: string) => store.insert(QUEUE, { id, tag, payload: Buffer.alloc(1) });
const allWait = async (count: number) => {
  while (leases.size < count) await new Promise((resolve) => setImmediate(resolve));
};

test('2,000 waiting callers are served first come, first served, with few calls of the store', async () => {
  const served: number[] = [];
  const polls = Array.from({ length: 2000 }, async (_, n) => {
    const tasks = await leases.lease(QUEUE, ORDER, 30, stays());
    if (tasks.length > 0) served.push(n);
    return tasks;
  });
  await allWait(2000);
  calls = 0;
  for (const id of ['a', 'b', 'c']) await insert(id);
  const first = await Promise.race(polls);
  expect(first).toMatchObject([{ id: 'a', retries: 1 }]);
  await Promise.all([polls[0], polls[1], polls[2]]);
  expect(calls).toBeLessThan(10);
  leases.release();
  await Promise.all(polls);
  expect(served).toEqual([0, 1, 2]);
}, 60_000);

test('a caller that waits for one tag ignores tasks of other tags', async () => {
  const poll = leases.lease(QUEUE, BY_TAG, 30, stays());
  await allWait(1);
  await insert('other', 'y');
  await insert('mine', 'x');
  expect(await poll).toMatchObject([{ id: 'mine' }]);
});

test('a waiting caller gets a task whose lease expires meanwhile', async () => {
  await insert('a');
  await store.lease(QUEUE, { ...ORDER, leaseSeconds: 1 });
  expect(await leases.lease(QUEUE, ORDER, 30, stays())).toMatchObject([{ id: 'a', retries: 2 }]);
}, 60_000);

test('a caller that has disconnected gets no task: neither a new one nor one leased for it meanwhile', async () => {
  const leaving = new AbortController();
  const poll = leases.lease(QUEUE, ORDER, 30, { gone: false, signal: leaving.signal });
  await allWait(1);
  leaving.abort();
  expect(await poll).toEqual([]);
  await insert('a');
  expect(await leases.lease(QUEUE, ORDER, 0, { gone: true, signal: leaving.signal })).toEqual([]);
  expect(await leases.lease(QUEUE, ORDER, 0, stays())).toMatchObject([{ id: 'a', retries: 1 }]);
});

test('the task of a caller that disconnects during its lease goes to the next caller', async () => {
  const leaving = new AbortController();
  const held = Promise.withResolvers<LeaseOutcome>();
  const slow: TaskStore = Object.create(store, {
    lease: {
      value: async (...args: Parameters<TaskStore['lease']>) => {
        const outcome = await store.lease(...args);
        if (outcome.tasks.length > 0 && !leaving.signal.aborted) {
          leaving.abort();
          held.resolve(outcome);
        }
        return outcome;
      },
    },
    watch: { value: store.watch.bind(store) },
    release: { value: store.release.bind(store) },
  }) as TaskStore;
  const desk = new WaitingLeases(slow);
  const first = desk.lease(QUEUE, ORDER, 30, { gone: false, signal: leaving.signal });
  while (desk.size < 1) await new Promise((resolve) => setImmediate(resolve));
  const second = desk.lease(QUEUE, ORDER, 30, stays());
  await insert('a');
  await held.promise;
  expect(await first).toEqual([]);
  expect(await second).toMatchObject([{ id: 'a', retries: 1 }]);
  desk.release();
});

test('counts are answered at once if the total differs, when it changes, and after the wait if it does not', async () => {
  const stats = new WaitingStats(store);
  await insert('a', 'x');
  const ask = (unlike: number, waitSeconds: number, tag?: string) =>
    stats.stats(QUEUE, { unlike, waitSeconds, tag }, stays());
  expect((await ask(0, 30)).total).toBe(1);
  const [all, tagged, other] = [ask(1, 30), ask(1, 30, 'x'), ask(0, 30, 'y')];
  while (stats.size < 3) await new Promise((resolve) => setImmediate(resolve));
  await insert('b', 'y');
  expect((await all).total).toBe(2);
  expect((await other).total).toBe(1);
  expect(stats.size).toBe(1);
  await store.delete(QUEUE, { id: 'a', tombstoneSeconds: 0 });
  expect((await tagged).total).toBe(0);
  expect((await ask(1, 1)).total).toBe(1);
  stats.release();
}, 60_000);
