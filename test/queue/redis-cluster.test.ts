import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { openRedisStore } from '../../queue/store/redis/store.ts';
import type { TaskStore } from '../../queue/store/task-store.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { RedisProcess } from '../harness/redis/redis.ts';
import { findRedisInconsistencies } from './contract/redis-integrity.ts';

describeWith(['redis-server'], 'a Redis cluster', () => {
  let server: RedisProcess;
  let node: Redis;
  let store: TaskStore;
  beforeAll(async () => {
    server = await RedisProcess.start(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']);
    node = new Redis(server.port, server.host);
    await node.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    store = openRedisStore({ cluster: [server] }, pino({ level: 'silent' }));
    await eventually(async () => {
      expect(await store.check()).toEqual([]);
    });
  }, 60_000);
  afterAll(async () => {
    node.disconnect();
    await store.close();
    await server.stop();
  });

  test('every script finds its keys on one node, including those of the dead-letter queue', async () => {
    const queue = { project: 'p', queue: 'q' };
    const order = { count: 2, leaseSeconds: 60, filter: { by: 'any' } as const };
    const heard: unknown[] = [];
    const unwatch = await store.watch(queue, (event) => heard.push(event));
    await Promise.all(
      ['a', 'b'].map((id) => store.insert(queue, { id, payload: Buffer.alloc(100_000, id) })),
    );
    const { tasks } = await store.lease(queue, order);
    expect(tasks.map(({ payload }) => payload?.length)).toEqual([100_000, 100_000]);
    await store.renew(queue, { id: 'a', leaseSeconds: 0 });
    await store.delete(queue, { id: 'b', tombstoneSeconds: 5 });
    expect((await store.lease(queue, { ...order, maxAttempts: 1 })).tasks).toEqual([]);
    expect(await store.list({ project: 'p', queue: 'q-dead' }, 10)).toMatchObject([{ id: 'a', retries: 1 }]);
    expect((await store.stats(queue)).total).toBe(0);
    expect(await findRedisInconsistencies(node, queue)).toEqual([]);
    await eventually(() => {
      // Both inserts, which went in one batch; the released task; the deleted one; the one that became a dead letter.
      expect(heard).toEqual([
        { kind: 'available', tag: '' },
        { kind: 'available', tag: '' },
        { kind: 'removed', tag: '' },
        { kind: 'removed', tag: '' },
      ]);
    });
    unwatch();
  }, 60_000);
});
