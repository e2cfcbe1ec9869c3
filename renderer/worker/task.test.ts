import { describe, expect, test } from '@jest/globals';
import { TaskError } from '../print/document.ts';
import { decodeTask, isExhausted, isLastAttempt, timeLimitSeconds } from './task.ts';

const limits = { taskSeconds: 50, taskTimeMult: 1.33, taskRetryLimit: 5 };
const payload = (bytes: Uint8Array | string) => ({ payloadBase64: Buffer.from(bytes).toString('base64') });

describe('the payload of a task', () => {
  test('is the JSON value that it carries, in either base64 alphabet', () => {
    const value = { text: 'ÿþ?>~' };
    const bytes = Buffer.from(JSON.stringify(value));
    expect(decodeTask({ payloadBase64: bytes.toString('base64') })).toEqual(value);
    expect(decodeTask({ payloadBase64: bytes.toString('base64url') })).toEqual(value);
  });

  test.each([
    ['no base64', { payloadBase64: 'a*b' }, 'is not valid base64'],
    ['no text', payload(new Uint8Array([0xff, 0xfe])), 'is not UTF-8'],
    ['no JSON', payload('{"kind":'), 'is not JSON'],
    ['nothing', payload(''), 'is not JSON'],
  ])('with %s is an error in the task', (_what, task, message) => {
    expect(() => decodeTask(task)).toThrow(TaskError);
    expect(() => decodeTask(task)).toThrow(message);
  });
});

describe('the attempts at a task', () => {
  test.each([
    [1, 50],
    [2, 116],
    [3, 183],
    [4, 249],
    [5, 316],
  ])('number %i has %i seconds', (retryCount, seconds) => {
    expect(timeLimitSeconds({ retry_count: retryCount }, limits)).toBe(seconds);
  });

  test('never have less than a second', () => {
    expect(timeLimitSeconds({ retry_count: 1 }, { ...limits, taskSeconds: 0.2 })).toBe(1);
  });

  test('end with the fifth; a sixth lease only reports it', () => {
    expect([4, 5, 6].map((retry_count) => isLastAttempt({ retry_count }, limits))).toEqual([
      false,
      true,
      true,
    ]);
    expect([4, 5, 6].map((retry_count) => isExhausted({ retry_count }, limits))).toEqual([
      false,
      false,
      true,
    ]);
  });
});
