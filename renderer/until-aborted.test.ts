import { expect, test } from '@jest/globals';
import { untilAborted } from './until-aborted.ts';

test('work that ends in time gives its value', async () => {
  await expect(untilAborted(Promise.resolve(7), new AbortController().signal)).resolves.toBe(7);
});

test('the abortion of the signal ends the wait with its reason', async () => {
  const controller = new AbortController();
  const waiting = untilAborted(Promise.withResolvers<never>().promise, controller.signal);
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(untilAborted(Promise.resolve(7), controller.signal)).rejects.toThrow('enough');
});
