import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { WorkQueue } from './work-queue.ts';
import { RateLimiter, runWorkers } from './workers.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const key = async (queue: WorkQueue) => (await queue.take())?.key;

describe('the work queue', () => {
  test('returns keys in order, each once however often it was added', async () => {
    const queue = new WorkQueue();
    for (const key of ['a', 'b', 'a']) queue.add(key);
    expect([await key(queue), await key(queue), queue.depth]).toEqual(['a', 'b', 0]);
  });

  test('a key that is being processed is queued again only when it is done', async () => {
    const queue = new WorkQueue();
    queue.add('a');
    await queue.take();
    queue.add('a');
    expect(queue.depth).toBe(0);
    queue.done('a');
    expect(await key(queue)).toBe('a');
  });

  test('returns keys of high priority first, also after a raise from low, and does not starve those of low priority', async () => {
    const queue = new WorkQueue();
    for (const key of ['a', 'b', 'c']) queue.add(key, 'low');
    queue.add('x');
    queue.add('b');
    queue.add('x', 'low');
    expect([await queue.take(), await queue.take(), await queue.take()]).toEqual([
      { key: 'x', priority: 'high' },
      { key: 'b', priority: 'high' },
      { key: 'a', priority: 'low' },
    ]);
    for (let number = 0; number < 20; number++) queue.add(`high-${number}`);
    const next = await Promise.all(Array.from({ length: 10 }, () => key(queue)));
    expect(next).toContain('c');
  });

  test('a key whose priority rises while it is being processed is queued again with high priority', async () => {
    const queue = new WorkQueue();
    queue.add('a', 'low');
    await queue.take();
    queue.add('a', 'low');
    queue.add('b', 'low');
    queue.add('a');
    queue.done('a');
    expect([await queue.take(), await key(queue)]).toEqual([{ key: 'a', priority: 'high' }, 'b']);
  });

  test('a waiting taker gets the next key, or undefined once the queue is closed', async () => {
    const queue = new WorkQueue();
    const [first, second] = [key(queue), key(queue)];
    queue.add('a');
    queue.close();
    expect(await first).toBe('a');
    expect(await second).toBeUndefined();
    expect(await key(queue)).toBeUndefined();
  });

  test('the shortest of several delays for a key counts', async () => {
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

test('failed work is retried with backoff, and not before the server allows it', async () => {
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

test('many workers never process one key twice at a time', async () => {
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
