/** What every task store must do; each adapter's test runs it on its own storage. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { describeLeases } from './task-store-leases.contract.ts';
import type { QueueRef, StoredTask, TagFilter, TaskStore } from '../../../queue/store/task-store.ts';

/** A store whose time the test controls. */
export interface StoreUnderTest {
  store: TaskStore;
  /** Stops a new queue's time; then only advance() moves it, and each write by a microsecond. */
  freeze(queue: QueueRef): Promise<void>;
  advance(queue: QueueRef, seconds: number): Promise<void>;
  /** The time that the next operation will see, in microseconds since the epoch. */
  now(queue: QueueRef): Promise<number>;
  /** Looks into the storage for what is inconsistent between tasks, indexes and counts; empty if nothing is. */
  inconsistencies(queue: QueueRef): Promise<string[]>;
  close(): Promise<void>;
}

const ANY: TagFilter = { by: 'any' };
const ids = (tasks: StoredTask[]) => tasks.map(({ id }) => id);

export function describeTaskStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`task store on ${name}`, () => {
    let under: StoreUnderTest;
    let store: TaskStore;
    beforeAll(async () => {
      under = await open();
      store = under.store;
    }, 60_000);
    afterAll(() => under.close());

    const newQueue = async (): Promise<QueueRef> => {
      const queue = { project: 'contract', queue: randomUUID() };
      await under.freeze(queue);
      return queue;
    };
    const insert = (queue: QueueRef, id: string, tag?: string) =>
      store.insert(queue, { id, tag, payload: Buffer.from(`payload of ${id}`) });
    const lease = async (queue: QueueRef, count: number, leaseSeconds = 60, filter = ANY) =>
      (await store.lease(queue, { count, leaseSeconds, filter })).tasks;

    test('a task comes back as it was inserted', async () => {
      const queue = await newQueue();
      const payload = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      const tag = 'a:b 1 ☃\n"';
      const inserted = await store.insert(queue, { id: 'a', payload, tag });
      expect(inserted).toEqual({ id: 'a', tag, enqueued: expect.any(Number), leased: 0, retries: 0 });
      expect(await store.get(queue, 'a')).toEqual({ ...inserted, payload });
      expect(await store.list(queue, 100)).toEqual([{ ...inserted, payload }]);
    });

    test('a task comes without its payload when the caller does not want it', async () => {
      const queue = await newQueue();
      for (const [id, size] of [['small', 10] as const, ['large', 1024 * 1024] as const])
        await store.insert(queue, { id, payload: Buffer.alloc(size) });
      const without = { payload: false };
      const order = { count: 9, leaseSeconds: 60, filter: ANY, ...without };
      const { tasks } = await store.lease(queue, order);
      expect(ids(tasks)).toEqual(['small', 'large']);
      const listed = await store.list(queue, 9, without);
      expect(listed).toEqual(tasks);
      const renewed = await store.renew(queue, { id: 'large', leaseSeconds: 90, ...without });
      const found = await store.get(queue, 'large', without);
      expect(found).toEqual(renewed);
      for (const task of [...tasks, ...listed, renewed, found]) expect(task.payload).toBeUndefined();
      await expect(store.get(queue, 'unknown', without)).rejects.toMatchObject({ code: 404 });
      expect((await store.get(queue, 'large')).payload).toHaveLength(1024 * 1024);
    });

    test('ids are unique within a queue, not across queues', async () => {
      const [queue, other] = [await newQueue(), await newQueue()];
      await insert(queue, 'a');
      await expect(insert(queue, 'a')).rejects.toMatchObject({ code: 400, message: 'Task name is invalid.' });
      await expect(insert(other, 'a')).resolves.toMatchObject({ id: 'a' });
    });

    test('tasks are leased oldest first, once each, and the lease counts as a retry', async () => {
      const queue = await newQueue();
      for (const id of ['c', 'a', 'b']) await insert(queue, id);
      expect(ids(await lease(queue, 2))).toEqual(['c', 'a']);
      const [last, ...none] = await lease(queue, 2);
      expect(none).toEqual([]);
      expect(last).toMatchObject({ id: 'b', retries: 1, payload: Buffer.from('payload of b') });
      expect(await lease(queue, 2)).toEqual([]);
    });

    test('an expired lease makes the task available again', async () => {
      const queue = await newQueue();
      await insert(queue, 'a');
      await lease(queue, 1, 60);
      await under.advance(queue, 59);
      const early = await store.lease(queue, { count: 1, leaseSeconds: 60, filter: ANY });
      expect(early.tasks).toEqual([]);
      expect(early.nextIn).toBeGreaterThan(900_000);
      expect(early.nextIn).toBeLessThan(1_100_000);
      await under.advance(queue, 1);
      expect(await lease(queue, 1, 60)).toMatchObject([{ id: 'a', retries: 2 }]);
    });

    test('leases end when requested, each at a unique time', async () => {
      const queue = await newQueue();
      for (let n = 0; n < 50; n += 1) await insert(queue, `t${n}`);
      const before = await under.now(queue);
      const leased = await lease(queue, 50, 30);
      for (const task of leased) expect(Math.abs(task.leased - before - 30e6)).toBeLessThan(200_000);
      expect(new Set(leased.map((task) => task.leased)).size).toBe(50);
    });

    test('a lease by tag takes that tag only, or the tag of the oldest task if none is named', async () => {
      const queue = await newQueue();
      await insert(queue, 'x1', 'x');
      await insert(queue, 'none');
      await insert(queue, 'y1', 'y');
      await insert(queue, 'xy', 'xy');
      await insert(queue, 'x2', 'x');
      expect(ids(await lease(queue, 9, 60, { by: 'tag', tag: 'y' }))).toEqual(['y1']);
      expect(ids(await lease(queue, 9, 60, { by: 'oldest' }))).toEqual(['x1', 'x2']);
      expect(ids(await lease(queue, 9, 60, { by: 'oldest' }))).toEqual(['none']);
      expect(ids(await lease(queue, 9, 60, { by: 'oldest' }))).toEqual(['xy']);
      expect(ids(await lease(queue, 9, 60, { by: 'oldest' }))).toEqual([]);
    });

    describeLeases(() => ({ under, newQueue, insert, lease }));

    test('counts are kept by tag, and leases by last minute and last hour', async () => {
      const queue = await newQueue();
      const empty = { total: 0, available: 0, oldest: 0, leasedLastMinute: 0, leasedLastHour: 0 };
      expect(await store.stats(queue)).toEqual(empty);
      const first = await insert(queue, 'a', 'x');
      await insert(queue, 'b');
      await insert(queue, 'c', 'x');
      await lease(queue, 1, 600);
      await under.advance(queue, 120);
      await lease(queue, 1, 600);
      const leases = { leasedLastMinute: 1, leasedLastHour: 2 };
      expect(await store.stats(queue)).toMatchObject({ total: 3, available: 1, ...leases });
      expect(await store.stats(queue, 'x')).toMatchObject({ total: 2, available: 1, ...leases });
      expect(await store.stats(queue, '')).toMatchObject({ total: 1, available: 0 });
      expect((await store.stats(queue, 'y')).total).toBe(0);
      await under.advance(queue, 700);
      expect(await store.stats(queue)).toMatchObject({ available: 3, leasedLastMinute: 0 });
      await store.delete(queue, { id: 'c', tombstoneSeconds: 0 });
      expect(await store.stats(queue, 'x')).toMatchObject({ total: 1, oldest: first.enqueued });
      await under.advance(queue, 3600);
      expect((await store.stats(queue)).leasedLastHour).toBe(0);
    });

    test('large payloads are returned with small ones', async () => {
      const queue = await newQueue();
      const sizes = [0, 10, 1024 * 1024, 100, 70_000, 60_000];
      for (const [n, size] of sizes.entries())
        await store.insert(queue, { id: `t${n}`, payload: Buffer.alloc(size, n) });
      const leased = await lease(queue, 10);
      expect(leased.map(({ payload }) => payload?.length)).toEqual(sizes);
      expect(leased.every(({ payload }, n) => payload?.equals(Buffer.alloc(sizes[n] ?? 0, n)))).toBe(true);
      expect((await store.get(queue, 't2')).payload).toHaveLength(1024 * 1024);
      expect((await store.list(queue, 100)).map(({ payload }) => payload?.length)).toEqual(sizes);
    });

    test('watchers are notified of tasks that become available and of removed ones', async () => {
      const queue = await newQueue();
      const heard: unknown[] = [];
      const waiting: { count: number; resolve: () => void }[] = [];
      const unwatch = await store.watch(queue, (event) => {
        heard.push(event);
        for (const { count, resolve } of waiting) if (heard.length >= count) resolve();
      });
      const until = (count: number) =>
        new Promise<void>((resolve) => {
          waiting.push({ count, resolve });
          if (heard.length >= count) resolve();
        });
      await insert(queue, 'a', 'x');
      await lease(queue, 1, 60);
      await store.renew(queue, { id: 'a', leaseSeconds: 0 });
      await store.delete(queue, { id: 'a', tombstoneSeconds: 0 });
      await until(3);
      unwatch();
      expect(heard).toEqual([
        { kind: 'available', tag: 'x' },
        { kind: 'available', tag: 'x' },
        { kind: 'removed', tag: 'x' },
      ]);
    });

    test('64 concurrent callers never hold the same task', async () => {
      const queue = await newQueue();
      const names = Array.from({ length: 640 }, (_, n) => `t${n}`);
      await Promise.all(names.map((id) => insert(queue, id)));
      const held: string[] = [];
      const caller = async () => {
        for (;;) {
          const tasks = await lease(queue, 3, 600);
          if (tasks.length === 0) return;
          held.push(...ids(tasks));
        }
      };
      await Promise.all(Array.from({ length: 64 }, caller));
      expect(held.toSorted()).toEqual(names.toSorted());
      expect(await under.inconsistencies(queue)).toEqual([]);
    });

    test('the check finds no problem', async () => {
      expect(await store.check()).toEqual([]);
    });
  });
}
