import { expect } from '@jest/globals';
import type { QueueRef, TaskStore } from '../../../queue/store/task-store.ts';

/** When the tasks of a fixture were inserted and its leases end, in microseconds since the epoch. */
export interface FixtureTimes {
  dead: number;
  deadLease: number;
  leased: number;
  lease: number;
  untagged: number;
  tagged: number;
}

/** Expects a store on a fixture of version 0.1.0 to hold what fixtures/README.md says, and to work with it. */
export async function expectFirstLayout(
  store: TaskStore,
  inconsistencies: (queue: QueueRef) => Promise<string[]>,
  times: FixtureTimes,
): Promise<void> {
  const queue = { project: 'p', queue: 'q' };
  const dead = { project: 'p', queue: 'q-dead' };
  const untagged = { id: 'untagged', payload: Buffer.from([0, 255, 10]), enqueued: times.untagged };
  const tagged = { id: 'tagged', payload: Buffer.alloc(2000, 'x'), tag: 'x', enqueued: times.tagged };
  const leased = { id: 'leased', payload: Buffer.from('of a leased task'), tag: 'a:b 1 ☃' };
  expect(await store.list(queue, 100)).toEqual([
    { ...untagged, leased: 0, retries: 0 },
    { ...tagged, leased: 0, retries: 0 },
    { ...leased, enqueued: times.leased, leased: times.lease, retries: 1 },
  ]);
  expect(await store.list(dead, 100)).toEqual([
    {
      ...{ id: 'dead', payload: Buffer.from('of a dead letter'), tag: 'x' },
      ...{ enqueued: times.dead, leased: times.deadLease, retries: 1 },
    },
  ]);
  const leases = { leasedLastMinute: 1, leasedLastHour: 2 };
  expect(await store.stats(queue)).toEqual({ total: 3, available: 2, oldest: times.untagged, ...leases });
  expect(await store.stats(queue, 'x')).toEqual({ total: 1, available: 1, oldest: times.tagged, ...leases });
  expect((await store.stats(dead)).total).toBe(1);
  for (const ref of [queue, dead]) expect(await inconsistencies(ref)).toEqual([]);

  await expect(store.insert(queue, { id: 'deleted', payload: Buffer.alloc(0) })).rejects.toMatchObject({
    code: 400,
  });
  const order = { count: 9, leaseSeconds: 60, filter: { by: 'any' } as const };
  expect((await store.lease(queue, order)).tasks.map(({ id }) => id)).toEqual(['untagged', 'tagged']);
  const renewal = { id: 'leased', leaseSeconds: 7200, fence: [times.lease] };
  expect(await store.renew(queue, renewal)).toMatchObject({ ...leased, retries: 1 });
  for (const ref of [queue, dead]) expect(await inconsistencies(ref)).toEqual([]);
}
