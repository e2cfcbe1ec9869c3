import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import type { Commands } from './commands.ts';
import type { RedisConnection } from './connection.ts';
import { LAYOUT_KEY, LOCK_KEY, RedisLayout, type RedisMigration } from './layout.ts';

/** The two keys of the layout, without a server. */
class FakeRedis {
  readonly stored = new Map<string, string>();
  readonly get = (key: string) => Promise.resolve(this.stored.get(key) ?? null);
  readonly set = (key: string, value: string) => {
    if (this.stored.has(key)) return Promise.resolve(null);
    this.stored.set(key, value);
    return Promise.resolve('OK');
  };
  readonly layout = jest.fn<Commands['layout']>((_keys, _token, lockMs, layout) => {
    if (layout !== '') this.stored.set(LAYOUT_KEY, String(layout));
    if (lockMs === 0) this.stored.delete(LOCK_KEY);
    return Promise.resolve(1);
  });
}

let redis: FakeRedis;
const layoutWith = (...migrations: RedisMigration[]) =>
  new RedisLayout(redis as unknown as RedisConnection, redis, pino({ level: 'silent' }), migrations);
beforeEach(() => {
  jest.useFakeTimers();
  redis = new FakeRedis();
});
afterEach(() => {
  jest.useRealTimers();
});

test('a step that stops early because its lock could not be extended is not marked as done', async () => {
  redis.layout.mockRejectedValueOnce(new Error('connection lost'));
  const run = jest.fn<RedisMigration['run']>((_redis, lost) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    lost.addEventListener('abort', () => {
      resolve(undefined);
    });
    return promise;
  });
  const layout = layoutWith({ to: 1, run });
  await layout.check();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(layout.problem).toBe('Migrating the task storage failed: connection lost');
  expect([...redis.stored]).toEqual([]);
  expect(jest.getTimerCount()).toBe(0);

  run.mockResolvedValueOnce(undefined);
  await layout.check();
  await jest.advanceTimersByTimeAsync(0);
  expect(layout.problem).toBeUndefined();
  expect([...redis.stored]).toEqual([[LAYOUT_KEY, '1']]);
});

test('after a reconnect the layout is checked again before tasks are touched', async () => {
  redis.stored.set(LAYOUT_KEY, '1');
  const layout = layoutWith({ to: 1, run: () => Promise.resolve() });
  await layout.require();
  redis.stored.set(LAYOUT_KEY, '2');
  expect(layout.problem).toBeUndefined();
  layout.forget();
  await expect(layout.require()).rejects.toMatchObject({ code: 503, reason: 'storeUnavailable' });
});
