import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { KeyCache } from '../../queue/store/redis/keys.ts';
import { KEY_NAMES } from '../../queue/store/redis/scripts/all.ts';
import { openRedisStore } from '../../queue/store/redis/store.ts';
import { findRedisInconsistencies } from './contract/redis-integrity.ts';
import { describeTaskStore, type StoreUnderTest } from './contract/task-store.contract.ts';
import { compareWithModel, operations } from './contract/task-store.model.ts';
import type { QueueRef } from '../../queue/store/task-store.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { openTestRedis, RedisProcess } from '../harness/redis/redis.ts';

const DAY = 86_400e6;
const keys = new KeyCache();
const stateOf = (queue: QueueRef) => keys.of(queue).all[KEY_NAMES.indexOf('state')] ?? '';

/** A queue's time never goes back: set a day ahead, it stands still except for what the test adds. */
async function openUnderTest(): Promise<StoreUnderTest> {
  const server = await openTestRedis();
  const redis = new Redis(server.port, server.host);
  const store = openRedisStore({ address: server }, pino({ level: 'silent' }));
  await eventually(async () => {
    expect(await store.check()).toEqual([]);
  });
  const clock = async (queue: QueueRef) => Number(await redis.hget(stateOf(queue), 'clock'));
  const setClock = (queue: QueueRef, time: number) => redis.hset(stateOf(queue), 'clock', time.toFixed());
  return {
    store,
    freeze: async (queue) => {
      await setClock(queue, Date.now() * 1000 + DAY);
    },
    advance: async (queue, seconds) => {
      await setClock(queue, (await clock(queue)) + seconds * 1e6);
    },
    now: async (queue) => (await clock(queue)) + 1,
    inconsistencies: (queue) => findRedisInconsistencies(redis, queue),
    close: async () => {
      await store.close();
      redis.disconnect();
      await server.stop();
    },
  };
}

describeWith(['redis'], 'Redis', () => {
  describeTaskStore('Redis', openUnderTest);

  test('Redis behaves like the model', async () => {
    const under = await openUnderTest();
    const property = fc.asyncProperty(operations, (run) => compareWithModel(under, run));
    await fc.assert(property, { numRuns: 100 });
    await under.close();
    expect.hasAssertions();
  }, 240_000);
});

describeWith(['redis-server'], 'Redis and payloads', () => {
  test('an unwanted payload is neither read nor sent', async () => {
    const server = await RedisProcess.start();
    const redis = new Redis(server.port, server.host);
    const store = openRedisStore({ address: server }, pino({ level: 'silent' }));
    await eventually(async () => {
      expect(await store.check()).toEqual([]);
    });
    const queue = { project: 'p', queue: 'q' };
    const without = { payload: false };
    await store.insert(queue, { id: 'a', payload: Buffer.alloc(1024 * 1024) });
    await redis.config('RESETSTAT');
    await store.lease(queue, { count: 1, leaseSeconds: 60, filter: { by: 'any' }, ...without });
    await store.renew(queue, { id: 'a', leaseSeconds: 60, ...without });
    await store.get(queue, 'a', without);
    await store.list(queue, 100, without);
    expect(await redis.info('commandstats')).not.toMatch(/cmdstat_(hstrlen|hmget):/);
    const sent = /^total_net_output_bytes:(\d+)/m.exec(await redis.info('stats'))?.[1];
    expect(Number(sent)).toBeLessThan(10_000);
    await store.close();
    redis.disconnect();
    await server.stop();
  }, 60_000);
});
