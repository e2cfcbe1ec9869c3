import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { RateLimiter } from './rate-limiter.ts';
import { WorkQueue } from './work-queue.ts';
import { runWorkers } from './workers.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the work queue', () => {
  test('gives keys in order, each once however often it was added', async () => {
    const queue = new WorkQueue();
    for (const key of ['a', 'b', 'a']) queue.add(key);
    expect([await queue.take(), await queue.take(), queue.depth]).toEqual(['a', 'b', 0]);
  });

  test('a key that is worked on comes again only when it is done', async () => {
    const queue = new WorkQueue();
    queue.add('a');
    await queue.take();
    queue.add('a');
    expect(queue.depth).toBe(0);
    queue.done('a');
    expect(await queue.take()).toBe('a');
  });

  test('who waits gets the next key, and nothing once the queue is closed', async () => {
    const queue = new WorkQueue();
    const [first, second] = [queue.take(), queue.take()];
    queue.add('a');
    queue.close();
    expect(await first).toBe('a');
    expect(await second).toBeUndefined();
    expect(await queue.take()).toBeUndefined();
  });

  test('of several delays for a key the shortest counts', async () => {
    const queue = new WorkQueue();
    queue.addAfter('a', 1000);
    queue.addAfter('a', 100);
    queue.addAfter('a', 500);
    await jest.advanceTimersByTimeAsync(100);
    expect(queue.depth).toBe(1);
    await queue.take();
    queue.done('a');
    await jest.advanceTimersByTimeAsync(5000);
    expect(queue.depth).toBe(0);
  });
});

test('work that fails comes again after waits that grow, as long as the server asks for at least', async () => {
  const queue = new WorkQueue();
  const limiter = new RateLimiter({ firstMs: 100, mostMs: 1000, random: () => 1 });
  const tries: number[] = [];
  const errors: unknown[] = [];
  const start = performance.now();
  const running = runWorkers({
    ...{ queue, limiter, count: 2, onError: (_: string, error: unknown) => errors.push(error) },
    work: () => {
      tries.push(performance.now() - start);
      if (tries.length === 3) throw Object.assign(new Error('busy'), { retryAfterMs: 5000 });
      if (tries.length < 5) throw new Error('no');
      return Promise.resolve(undefined);
    },
  });
  queue.add('a');
  await jest.advanceTimersByTimeAsync(60_000);
  expect(tries).toEqual([0, 100, 300, 5300, 6100]);
  expect(errors).toHaveLength(4);
  expect(limiter.failures('a')).toBe(0);
  queue.close();
  await running;
});

test('one key is never worked on twice at a time, though there are many workers', async () => {
  jest.useRealTimers();
  const queue = new WorkQueue();
  let [now, most, worked] = [0, 0, 0];
  const running = runWorkers({
    ...{ queue, limiter: new RateLimiter(), count: 8, onError: () => undefined },
    work: async () => {
      most = Math.max(most, ++now);
      if (++worked < 50) queue.add('a');
      await new Promise(setImmediate);
      now--;
      if (worked === 50) queue.close();
      return undefined;
    },
  });
  queue.add('a');
  await running;
  expect([most, worked]).toEqual([1, 50]);
});
