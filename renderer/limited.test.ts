import { getEventListeners } from 'node:events';
import { describe, expect, jest, test } from '@jest/globals';
import { limited } from './limited.ts';
import { untilAborted } from './until-aborted.ts';

const overdue = new Error('too late');
const endless = (signal: AbortSignal) => untilAborted(Promise.withResolvers<never>().promise, signal);

describe('limited work', () => {
  test('that ends in time gives its value and leaves nothing behind', async () => {
    jest.useFakeTimers();
    const { signal } = new AbortController();
    const limits = { signals: [signal], milliseconds: 50, overdue };
    await expect(limited(limits, () => Promise.resolve(7))).resolves.toBe(7);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  test('is told when its time is over', async () => {
    await expect(limited({ signals: [], milliseconds: 1, overdue }, endless)).rejects.toBe(overdue);
  });

  test('is told when a signal is aborted, before or meanwhile', async () => {
    const stop = new AbortController();
    const limits = { signals: [new AbortController().signal, stop.signal], milliseconds: 60_000, overdue };
    const working = limited(limits, endless);
    stop.abort(new Error('stopped'));
    await expect(working).rejects.toThrow('stopped');
    await expect(limited(limits, endless)).rejects.toThrow('stopped');
  });
});
