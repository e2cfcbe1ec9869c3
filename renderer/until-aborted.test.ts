import { getEventListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { untilAborted } from './until-aborted.ts';

test('work that ends in time gives its value', async () => {
  await expect(untilAborted(Promise.resolve(7), new AbortController().signal)).resolves.toBe(7);
});

test('the abortion of one of the signals ends the wait with its reason', async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const waiting = untilAborted(Promise.withResolvers<never>().promise, first.signal, second.signal);
  second.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(untilAborted(Promise.resolve(7), second.signal)).rejects.toThrow('enough');
});

test('nothing stays behind at the signal', async () => {
  const { signal } = new AbortController();
  await untilAborted(Promise.resolve(7), signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
