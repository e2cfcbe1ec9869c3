/** The part of the contract about holding a task: renewal, fencing, release, tombstones, dead letters. */
import { beforeAll, expect, test } from '@jest/globals';
import type { StoreUnderTest } from './task-store.contract.ts';
import type { QueueRef, StoredTask, TagFilter, TaskStore } from '../../../queue/store/task-store.ts';

interface Setting {
  under: StoreUnderTest;
  newQueue: () => Promise<QueueRef>;
  insert: (queue: QueueRef, id: string, tag?: string) => Promise<StoredTask>;
  lease: (queue: QueueRef, count: number, leaseSeconds?: number, filter?: TagFilter) => Promise<StoredTask[]>;
}

const ANY: TagFilter = { by: 'any' };
const ids = (tasks: StoredTask[]) => tasks.map(({ id }) => id);

/** @param setting called once the suite has opened its store */
export function describeLeases(setting: () => Setting): void {
  let under: StoreUnderTest;
  let store: TaskStore;
  let newQueue: Setting['newQueue'];
  let insert: Setting['insert'];
  let lease: Setting['lease'];
  beforeAll(() => {
    ({ under, newQueue, insert, lease } = setting());
    store = under.store;
  });

  test('an unexpired lease can be renewed, and ended by renewing it for 0 seconds', async () => {
    const queue = await newQueue();
    await insert(queue, 'a');
    const [leased] = await lease(queue, 1, 10);
    await under.advance(queue, 5);
    const renewed = await store.renew(queue, { id: 'a', leaseSeconds: 10 });
    expect(renewed).toMatchObject({ retries: 1, payload: leased?.payload });
    await under.advance(queue, 6);
    expect(await lease(queue, 1)).toEqual([]);
    const back = await store.renew(queue, { id: 'a', leaseSeconds: 0 });
    expect(new Set([leased?.leased, renewed.leased, back.leased]).size).toBe(3);
    expect(await lease(queue, 1)).toMatchObject([{ id: 'a', retries: 2 }]);
  });

  test('neither an expired lease nor a task that was never leased can be renewed', async () => {
    const queue = await newQueue();
    await insert(queue, 'a');
    const expired = { code: 400, message: 'The task lease has expired.' };
    await expect(store.renew(queue, { id: 'a', leaseSeconds: 5 })).rejects.toMatchObject(expired);
    await lease(queue, 1, 10);
    await under.advance(queue, 11);
    await expect(store.renew(queue, { id: 'a', leaseSeconds: 5 })).rejects.toMatchObject(expired);
  });

  test('a renewal can change the tag by which the task is then leased', async () => {
    const queue = await newQueue();
    await insert(queue, 'a', 'old');
    await lease(queue, 1);
    await store.renew(queue, { id: 'a', leaseSeconds: 0, tag: 'new' });
    expect(await lease(queue, 1, 60, { by: 'tag', tag: 'old' })).toEqual([]);
    expect(await lease(queue, 1, 60, { by: 'tag', tag: 'new' })).toMatchObject([{ tag: 'new' }]);
    expect((await store.renew(queue, { id: 'a', leaseSeconds: 9, tag: '' })).tag).toBeUndefined();
    expect(await under.inconsistencies(queue)).toEqual([]);
  });

  test('a fence lets only the holder of the newest lease act', async () => {
    const queue = await newQueue();
    await insert(queue, 'a');
    const [first] = await lease(queue, 1, 10);
    await under.advance(queue, 11);
    const [second] = await lease(queue, 1, 10);
    const old = { id: 'a', fence: [first?.leased ?? -1] };
    await expect(store.renew(queue, { ...old, leaseSeconds: 5 })).rejects.toMatchObject({ code: 412 });
    await expect(store.delete(queue, { ...old, tombstoneSeconds: 0 })).rejects.toMatchObject({ code: 412 });
    const newest = { id: 'a', fence: [1, second?.leased ?? -1] };
    await expect(store.delete(queue, { ...newest, tombstoneSeconds: 0 })).resolves.toBeUndefined();
  });

  test('a missing task is reported as unknown', async () => {
    const queue = await newQueue();
    const unknown = { code: 404, message: 'Task name does not exist.' };
    await expect(store.get(queue, 'a')).rejects.toMatchObject(unknown);
    await expect(store.renew(queue, { id: 'a', leaseSeconds: 5 })).rejects.toMatchObject(unknown);
    await expect(store.delete(queue, { id: 'a', tombstoneSeconds: 0 })).rejects.toMatchObject(unknown);
    expect(await store.list(queue, 100)).toEqual([]);
  });

  test('the id of a deleted task stays taken for the requested time', async () => {
    const queue = await newQueue();
    await insert(queue, 'a');
    await store.delete(queue, { id: 'a', tombstoneSeconds: 10 });
    await expect(insert(queue, 'a')).rejects.toMatchObject({ code: 400 });
    await under.advance(queue, 11);
    await insert(queue, 'a');
    await store.delete(queue, { id: 'a', tombstoneSeconds: 0 });
    await expect(insert(queue, 'a')).resolves.toBeDefined();
  });

  test('a released lease does not count as a retry', async () => {
    const queue = await newQueue();
    await insert(queue, 'a');
    const leased = await lease(queue, 1, 600);
    await store.release(queue, leased);
    await store.release(queue, leased);
    expect(await lease(queue, 1)).toMatchObject([{ id: 'a', retries: 1 }]);
  });

  test('a task leased too often goes to the dead-letter queue with its history', async () => {
    const queue = await newQueue();
    const dead = { ...queue, queue: `${queue.queue}-dead` };
    const order = { count: 1, leaseSeconds: 0, filter: ANY, maxAttempts: 2 };
    await insert(queue, 'a', 'x');
    await insert(queue, 'b', 'x');
    await store.lease(queue, { ...order, count: 2 });
    const { tasks } = await store.lease(queue, { ...order, count: 2 });
    expect((await store.lease(queue, order)).tasks).toEqual([]);
    expect((await store.lease(queue, order)).tasks).toEqual([]);
    expect((await store.stats(queue)).total).toBe(0);
    const deadLetters = await store.list(dead, 100);
    expect(deadLetters).toEqual(tasks);
    expect(deadLetters.map(({ retries }) => retries)).toEqual([2, 2]);

    const again = await insert(queue, 'a', 'x');
    await store.lease(queue, order);
    await store.lease(queue, order);
    await store.lease(queue, order);
    expect(ids(await store.list(dead, 100))).toEqual(['a', 'b', `a-${again.enqueued}`]);
    expect(await under.inconsistencies(queue)).toEqual([]);
    expect(await under.inconsistencies(dead)).toEqual([]);
  });
}
