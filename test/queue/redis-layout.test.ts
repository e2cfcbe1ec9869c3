import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { commandsOf } from '../../queue/store/redis/commands.ts';
import { connect, disconnect } from '../../queue/store/redis/connection.ts';
import {
  LAYOUT_KEY,
  LOCK_KEY,
  MIGRATIONS,
  RedisLayout,
  type RedisMigration,
} from '../../queue/store/redis/layout.ts';
import { openRedisStore } from '../../queue/store/redis/store.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { RedisProcess } from '../harness/redis/redis.ts';
import { expectFirstLayout } from './contract/first-layout.contract.ts';
import { findRedisInconsistencies } from './contract/redis-integrity.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures/redis-0.1.0.json');
const logger = pino({ level: 'silent' });

describeWith(['redis-server'], 'the layout of the data in Redis', () => {
  let server: RedisProcess;
  let redis: Redis;
  const closing: (() => unknown)[] = [];
  beforeEach(async () => {
    server = await RedisProcess.start();
    redis = new Redis(server.port, server.host);
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    redis.disconnect();
    await server.stop();
  });

  const restoreFixture = async () => {
    for (const [command = '', ...values] of JSON.parse(readFileSync(FIXTURE, 'utf8')) as string[][])
      await redis.call(command, ...values.map((value) => Buffer.from(value, 'latin1')));
  };
  const openStore = () => {
    const store = openRedisStore({ address: server }, logger);
    closing.push(() => store.close());
    return store;
  };
  /** A replica that knows further steps. */
  const openLayout = async (...steps: RedisMigration[]) => {
    const connection = connect({ address: server }, 'test', logger);
    closing.push(() => {
      disconnect(connection);
    });
    const layout = new RedisLayout(connection, commandsOf(connection), logger, [...MIGRATIONS, ...steps]);
    await eventually(() => layout.check());
    return layout;
  };
  const untilCurrent = (layout: RedisLayout) =>
    eventually(async () => {
      await layout.check();
      expect(layout.problem).toBeUndefined();
    });

  test('data of version 0.1.0 gets a layout version, and every task stays as it was', async () => {
    await restoreFixture();
    const store = openStore();
    await eventually(async () => {
      expect(await store.check()).toEqual([]);
    });
    expect(await redis.get(LAYOUT_KEY)).toBe('1');
    await expectFirstLayout(store, (queue) => findRedisInconsistencies(redis, queue), {
      ...{ dead: 4102444800000001, deadLease: 4102444800000002 },
      ...{ leased: 4102445400000006, lease: 4102449000000007 },
      ...{ untagged: 4102445400000008, tagged: 4102445400000009 },
    });
    expect(await redis.exists(LOCK_KEY)).toBe(0);
  });

  test('a newer layout is refused, also when it appears while the service runs', async () => {
    const queue = { project: 'p', queue: 'q' };
    const store = openStore();
    await eventually(async () => {
      expect(await store.check()).toEqual([]);
    });
    await store.insert(queue, { id: 'a', payload: Buffer.alloc(1) });
    await redis.set(LAYOUT_KEY, 7);
    const refused = /has layout 7, but this version of Renderfleet supports layouts up to 1\. /;
    expect(await store.check()).toEqual([expect.stringMatching(refused)]);
    for (const other of [store, openStore()])
      await eventually(() =>
        expect(other.list(queue, 9)).rejects.toMatchObject({
          code: 503,
          message: expect.stringMatching(refused),
        }),
      );
    await redis.set(LAYOUT_KEY, 1);
    expect(await store.check()).toEqual([]);
    expect(await store.list(queue, 9)).toHaveLength(1);
  });

  test('of replicas that start at once, one runs a step while the others refuse to touch tasks', async () => {
    await restoreFixture();
    const gate = Promise.withResolvers<undefined>();
    const run = jest.fn<RedisMigration['run']>(async (connection) => {
      await gate.promise;
      await connection.hset('{p/q}:payloads', 'tagged', 'changed');
    });
    const layouts = await Promise.all(Array.from({ length: 5 }, () => openLayout({ to: 2, run })));
    await eventually(() => {
      expect(run).toHaveBeenCalled();
    });
    for (const layout of layouts)
      await expect(layout.require()).rejects.toMatchObject({
        code: 503,
        message: expect.stringMatching(/being migrated from layout [01] to 2/),
      });
    gate.resolve(undefined);
    for (const layout of layouts) await untilCurrent(layout);
    expect(run).toHaveBeenCalledTimes(1);
    expect(await redis.get(LAYOUT_KEY)).toBe('2');
    expect(await redis.hget('{p/q}:payloads', 'tagged')).toBe('changed');
  });

  test('a step that fails is reported and runs again; the steps before it stay done', async () => {
    const first = jest.fn<RedisMigration['run']>().mockResolvedValue(undefined);
    const second = jest.fn<RedisMigration['run']>().mockResolvedValue(undefined);
    second.mockRejectedValueOnce(new Error('broken step'));
    const layout = await openLayout({ to: 2, run: first }, { to: 3, run: second });
    await eventually(() => {
      expect(layout.problem).toBe('Migrating the task storage failed: broken step');
    });
    expect(await redis.get(LAYOUT_KEY)).toBe('2');
    await untilCurrent(layout);
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 2]);
    expect(await redis.get(LAYOUT_KEY)).toBe('3');
  });

  test('a replica that lost its lock does not mark the layout', async () => {
    const run = jest.fn<RedisMigration['run']>(async () => {
      if (run.mock.calls.length === 1) await redis.set(LOCK_KEY, 'another replica');
    });
    const layout = await openLayout({ to: 2, run });
    await eventually(() => {
      expect(layout.problem).toBe('Migrating the task storage failed: another replica has taken over');
    });
    expect(await redis.get(LAYOUT_KEY)).toBe('1');
    expect(await redis.get(LOCK_KEY)).toBe('another replica');
    await redis.del(LOCK_KEY);
    await untilCurrent(layout);
    expect(run).toHaveBeenCalledTimes(2);
  });
});
