import { describe, expect, jest, test } from '@jest/globals';
import { exponentialBackoff, pause, retry } from './backoff.ts';

describe('an exponential backoff', () => {
  test('grows from the first wait to the longest', () => {
    const backoff = exponentialBackoff({ firstMs: 100, mostMs: 1000 });
    expect([1, 2, 3, 4, 5, 5000].map(backoff)).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  test('varies by the jitter only', () => {
    const waits = [0, 0.5, 1].map((chance) =>
      exponentialBackoff({ firstMs: 100, mostMs: 1000, factor: 1.5, jitter: 0.5, random: () => chance })(2),
    );
    expect(waits).toEqual([75, 112.5, 150]);
  });
});

describe('retrying', () => {
  const backoff = () => 0;

  test('goes on until the work succeeds', async () => {
    const onRetry = jest.fn();
    const work = (attempt: number) =>
      attempt < 4 ? Promise.reject(new Error(`failure ${attempt}`)) : Promise.resolve(attempt);
    await expect(retry(work, { backoff, onRetry })).resolves.toBe(4);
    expect(onRetry).toHaveBeenCalledTimes(3);
  });

  test('asks for each wait with the failures so far and the last error', async () => {
    const asked: unknown[] = [];
    const failing = (attempt: number) => Promise.reject(new Error(`failure ${attempt}`));
    const recorded = (failures: number, error: unknown) => {
      asked.push([failures, (error as Error).message]);
      return 0;
    };
    await expect(retry(failing, { backoff: recorded, attempts: 3 })).rejects.toThrow('failure 3');
    expect(asked).toEqual([
      [1, 'failure 1'],
      [2, 'failure 2'],
    ]);
  });

  test('stops at an error that is not transient', async () => {
    const work = jest.fn(() => Promise.reject(new Error('forbidden')));
    await expect(retry(work, { backoff, isTransient: () => false })).rejects.toThrow('forbidden');
    expect(work).toHaveBeenCalledTimes(1);
  });

  test('stops waiting when a signal is aborted, and throws its reason', async () => {
    const stop = new AbortController();
    const onRetry = () => {
      stop.abort(new Error('stopped'));
    };
    const work = () => Promise.reject(new Error('failure'));
    await expect(retry(work, { backoff: () => 60_000, signals: [stop.signal], onRetry })).rejects.toThrow(
      'stopped',
    );
  });

  test('makes one attempt although a signal is aborted', async () => {
    const signals = [AbortSignal.abort(new Error('stopped'))];
    await expect(retry(() => Promise.resolve(7), { backoff, signals })).resolves.toBe(7);
    await expect(retry(() => Promise.reject(new Error('failure')), { backoff, signals })).rejects.toThrow(
      'stopped',
    );
  });
});

test('a pause ends with the signal and does not reject', async () => {
  const stop = new AbortController();
  const paused = pause(60_000, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(paused).resolves.toBeUndefined();
  await expect(pause(60_000, stop.signal)).resolves.toBeUndefined();
});
