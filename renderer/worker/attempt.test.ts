import { describe, expect, test } from '@jest/globals';
import { attempt } from './attempt.ts';
import { TaskError } from '../print/document.ts';
import type { Lease } from './lease.ts';

const limits = { taskSeconds: 50, taskTimeMult: 1, taskRetryLimit: 5 };
const printer = {
  start: () => Promise.resolve(),
  print: () => Promise.reject(new Error('The browser is gone.')),
  close: () => Promise.resolve(),
};

function leased(retry_count: number, lost = new AbortController().signal): Lease {
  const payloadBase64 = Buffer.from('{}').toString('base64');
  return { task: { id: 'a', payloadBase64, retry_count }, lost } as unknown as Lease;
}

const fail = (error: Error) => () => Promise.reject(error);

describe('an attempt at a task', () => {
  const options = {
    printer,
    limits,
    stopped: new AbortController().signal,
    compose: fail(new Error('No ink.')),
  };

  test.each([
    [1, { kind: 'retry', reason: 'No ink.' }],
    [4, { kind: 'retry', reason: 'No ink.' }],
    [5, { kind: 'failure', reason: 'Rendering failed after 5 attempts: No ink.' }],
    [6, { kind: 'failure', reason: 'The task did not complete in 5 attempts.' }],
  ])('that fails at lease %i', async (retryCount, outcome) => {
    expect(await attempt(leased(retryCount), options)).toEqual(outcome);
  });

  test('fails for good because of an error in the task, and says which', async () => {
    const compose = fail(new TaskError('paper_size: must be a4 or letter.'));
    const outcome = { kind: 'failure', reason: 'paper_size: must be a4 or letter.' };
    expect(await attempt(leased(1), { ...options, compose })).toEqual(outcome);
  });

  test('is dropped when its lease is lost or the renderer stops', async () => {
    const compose = () => Promise.withResolvers<never>().promise;
    expect(await attempt(leased(1, AbortSignal.abort()), { ...options, compose })).toEqual({ kind: 'lost' });
    const stopped = AbortSignal.abort();
    expect(await attempt(leased(1), { ...options, compose, stopped })).toEqual({ kind: 'stopped' });
  });
});
