import { getEventListeners } from 'node:events';
import { describe, expect, jest, test } from '@jest/globals';
import { untilAborted, untilDeadline, withDeadline } from './deadline.ts';

const overdue = new Error('too late');
const endless = (signal: AbortSignal) => untilAborted(Promise.withResolvers<never>().promise, signal);

describe('limited work', () => {
  test('that ends in time returns its value and leaves nothing behind', async () => {
    jest.useFakeTimers();
    const { signal } = new AbortController();
    const limits = { signals: [signal], milliseconds: 50, overdue };
    await expect(withDeadline(limits, () => Promise.resolve(7))).resolves.toBe(7);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  test('is told when its time is up', async () => {
    await expect(withDeadline({ signals: [], milliseconds: 1, overdue }, endless)).rejects.toBe(overdue);
  });

  test('times out with a TimeoutError unless another reason is given', async () => {
    await expect(withDeadline({ milliseconds: 1 }, endless)).rejects.toMatchObject({
      name: 'TimeoutError',
      message: 'Timed out after 1 ms',
    });
  });

  test('is abandoned when its time is up', async () => {
    await expect(untilDeadline(Promise.resolve(7), { milliseconds: 60_000 })).resolves.toBe(7);
    const never = Promise.withResolvers<never>().promise;
    await expect(untilDeadline(never, { milliseconds: 1, overdue })).rejects.toBe(overdue);
  });

  test('is told when a signal is aborted, before or meanwhile', async () => {
    const stop = new AbortController();
    const limits = { signals: [new AbortController().signal, stop.signal], milliseconds: 60_000, overdue };
    const working = withDeadline(limits, endless);
    stop.abort(new Error('stopped'));
    await expect(working).rejects.toThrow('stopped');
    await expect(withDeadline(limits, endless)).rejects.toThrow('stopped');
  });
});

describe('waiting until a signal is aborted', () => {
  test('work that ends in time returns its value', async () => {
    await expect(untilAborted(Promise.resolve(7), new AbortController().signal)).resolves.toBe(7);
  });

  test('aborting one of the signals ends the wait with its reason', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = untilAborted(Promise.withResolvers<never>().promise, first.signal, second.signal);
    second.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(untilAborted(Promise.resolve(7), second.signal)).rejects.toThrow('enough');
  });

  test('leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    await untilAborted(Promise.resolve(7), signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
