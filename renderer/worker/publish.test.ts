import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { startQueueApp, type QueueApp } from '../../test/renderer/support/queue-app.ts';
import type { DocumentStorage } from '../storage/storage.ts';
import type { Outcome } from './attempt.ts';
import { Heartbeat } from './heartbeat.ts';
import { publish, type PublishOptions } from './publish.ts';
import { QueueError } from '../../queue/wire/faults.ts';
import { resultIdOf } from '../../queue/wire/render.ts';

const DOCUMENT: Outcome = { kind: 'document', document: { filename: 'a.pdf', pdf: Buffer.from('%PDF') } };
const RESULT = { kind: 'result#document', success: true, filename: 'a.pdf', document: 'JVBERg==' };

describe('publishing', () => {
  let queue: QueueApp;
  let heartbeat: Heartbeat;
  let options: PublishOptions;

  beforeEach(async () => {
    queue = await startQueueApp();
    const logger = pino({ level: 'silent' });
    heartbeat = new Heartbeat({ seconds: 60, logger });
    options = {
      ...{ client: queue.client, heartbeat, storage: undefined, maxQueueTaskSize: 10_000, logger },
      limits: { taskSeconds: 50, taskTimeMult: 1, taskRetryLimit: 5 },
      abandoned: new AbortController().signal,
    };
  });
  afterEach(async () => {
    heartbeat.close();
    await queue.close();
  });

  const begin = async () => {
    const lease = await queue.leased('a');
    heartbeat.add(lease);
    return lease;
  };
  const resultOf = async (id: string): Promise<unknown> => {
    const { payloadBase64, tag } = await queue.client.get(resultIdOf(id));
    expect(tag).toBe('result');
    return JSON.parse(Buffer.from(payloadBase64, 'base64').toString());
  };
  const isThere = (id: string) =>
    queue.client.get(id).then(
      () => true,
      () => false,
    );

  test.each<[string, Outcome, unknown]>([
    ['document', DOCUMENT, RESULT],
    [
      'failure',
      { kind: 'failure', reason: 'No ink.' },
      { kind: 'result#document', success: false, filename: null, document: null, error: 'No ink.' },
    ],
  ])('inserts a %s and deletes the task', async (ending, outcome, result) => {
    expect(await publish(await begin(), outcome, options)).toBe(ending);
    expect(await resultOf('a')).toEqual(result);
    expect(await isThere('a')).toBe(false);
    expect(heartbeat.held).toBe(0);
  });

  test.each([
    ['two calls for a quick task', 900, 0],
    ['one more, a renewal, for a slow one', 1100, 1],
  ])('makes %s', async (_what, milliseconds, renewals) => {
    const { client } = queue;
    const calls = [jest.spyOn(client, 'insert'), jest.spyOn(client, 'delete'), jest.spyOn(client, 'renew')];
    const lease = await begin();
    for (const call of calls) call.mockClear();
    queue.advance(milliseconds);
    expect(await publish(lease, DOCUMENT, options)).toBe('document');
    expect(calls.map(({ mock }) => mock.calls.length)).toEqual([1, 1, renewals]);
  });

  test.each<Outcome>([{ kind: 'retry', reason: 'No ink.' }, { kind: 'stopped' }])(
    'releases the task: $kind',
    async (outcome) => {
      expect(await publish(await begin(), outcome, options)).toBe(outcome.kind);
      expect(await isThere(resultIdOf('a'))).toBe(false);
      expect((await queue.leased('b')).task.id).toBe('a');
      expect(heartbeat.held).toBe(0);
    },
  );

  test.each<Outcome>([{ kind: 'retry', reason: 'No ink.' }, { kind: 'stopped' }])(
    'leaves a task that cannot be released to its lease, even in its last attempt: $kind',
    async (outcome) => {
      const lease = await begin();
      lease.task.retry_count = 5;
      jest.spyOn(queue.client, 'renew').mockRejectedValueOnce(new QueueError(403, 'forbidden', 'No.'));
      expect(await publish(lease, outcome, options)).toBe('lost');
      expect(await isThere(resultIdOf('a'))).toBe(false);
      expect(heartbeat.held).toBe(0);
    },
  );

  test('keeps a result that exists already', async () => {
    await queue.client.insert({
      id: resultIdOf('a'),
      tag: 'result',
      payload: JSON.stringify({ first: true }),
    });
    expect(await publish(await begin(), DOCUMENT, options)).toBe('document');
    expect(await resultOf('a')).toEqual({ first: true });
    expect(await isThere('a')).toBe(false);
  });

  test.each([
    ['retries the task', 1, 'retry'],
    ['leaves the task to its lease after the last attempt', 5, 'lost'],
  ])('%s when the queue refuses the result for another reason', async (_what, attempts, ending) => {
    const lease = await begin();
    lease.task.retry_count = attempts;
    options.client = queue.misdirectedClient;
    expect(await publish(lease, DOCUMENT, options)).toBe(ending);
    expect(await isThere('a')).toBe(true);
    expect(await isThere(resultIdOf('a'))).toBe(false);
    expect(heartbeat.held).toBe(0);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['was deleted', () => queue.client.delete('a')],
    ['somebody else has leased since', () => queue.leased('b')],
  ])('inserts nothing for a task that %s', async (_what, meanwhile) => {
    const lease = await begin();
    queue.advance(61_000);
    await meanwhile();
    expect(await publish(lease, DOCUMENT, options)).toBe('lost');
    expect(await isThere(resultIdOf('a'))).toBe(false);
  });

  describe('of a document that is too large for the queue', () => {
    const storage = (save: DocumentStorage['save']): DocumentStorage => ({
      save,
      close: () => Promise.resolve(),
    });
    beforeEach(() => {
      options.maxQueueTaskSize = 100;
    });

    test('saves it and links to it', async () => {
      options.storage = storage((name) => Promise.resolve(`file:///documents/${name}`));
      expect(await publish(await begin(), DOCUMENT, options)).toBe('link');
      const url = expect.stringMatching(/^file:\/\/\/documents\/.+\.pdf$/);
      expect(await resultOf('a')).toEqual({ kind: 'result#link', success: true, url });
    });

    test('says why it fails when no storage is configured', async () => {
      expect(await publish(await begin(), DOCUMENT, options)).toBe('failure');
      expect(await resultOf('a')).toMatchObject({ error: expect.stringContaining('MAX_QUEUE_TASK_SIZE') });
    });

    test('releases the task when there is no time left to save it, even in the last attempt', async () => {
      const saving = Promise.withResolvers<string>();
      const grace = new AbortController();
      options.storage = storage(() => {
        grace.abort(new Error('The grace period is over.'));
        return saving.promise;
      });
      const lease = await begin();
      lease.task.retry_count = 5;
      expect(await publish(lease, DOCUMENT, { ...options, abandoned: grace.signal })).toBe('stopped');
      expect(await isThere(resultIdOf('a'))).toBe(false);
      expect((await queue.leased('b')).task.id).toBe('a');
    });

    test('retries the task when saving fails', async () => {
      options.storage = storage(() => Promise.reject(new Error('The disk is full.')));
      expect(await publish(await begin(), DOCUMENT, options)).toBe('retry');
      expect((await queue.leased('b')).task).toMatchObject({ id: 'a', retry_count: 2 });
    });
  });

  test('survives a short outage of the queue', async () => {
    let faults = 2;
    const insert: typeof queue.client.insert = (task) =>
      faults-- > 0 ? Promise.reject(new TypeError('fetch failed')) : queue.client.insert(task);
    options.client = Object.create(queue.client, { insert: { value: insert } }) as typeof queue.client;
    expect(await publish(await begin(), DOCUMENT, options)).toBe('document');
    expect(await resultOf('a')).toEqual(RESULT);
  });

  test('gives up on the queue when its time is up', async () => {
    const lease = await begin();
    await queue.disconnect();
    const abandoned = AbortSignal.abort(new Error('The grace period is over.'));
    expect(await publish(lease, DOCUMENT, { ...options, abandoned })).toBe('lost');
    expect(heartbeat.held).toBe(0);
  });
});
