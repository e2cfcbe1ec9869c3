import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createQueueApp } from '../app.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { TaskStore } from '../store/task-store.ts';

const TASKS = '/taskqueue/v1beta2/projects/p/taskqueues/q/tasks';

let store: TaskStore;
let app: FastifyInstance;
beforeEach(() => {
  store = openSqliteStore(':memory:');
  app = createQueueApp({ store });
});
afterEach(async () => {
  await app.close();
  await store.close();
});

const upload = (payload: Buffer | string, query = '', headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/upload${TASKS}?uploadType=media${query}`,
    headers: { 'content-type': 'application/pdf', ...headers },
    payload,
  });

test('an uploaded payload is stored byte by byte and answered like any insert', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
  const answer = await upload(bytes, '&id=a&tag=gr%C3%B6%C3%9Fer');
  expect(answer.json()).toEqual({
    kind: 'taskqueues#task',
    id: 'a',
    queueName: 'q',
    payloadBase64: bytes.toString('base64'),
    enqueueTimestamp: expect.any(Number),
    leaseTimestamp: 0,
    retry_count: 0,
    tag: 'größer',
  });
  expect((await app.inject({ url: `${TASKS}/a` })).json()).toEqual(answer.json());
  expect((await upload('{"kind":"x"}', '', { 'content-type': 'application/json' })).json()).toMatchObject({
    id: expect.stringMatching(/^[a-zA-Z0-9_-]{1,500}$/),
    payloadBase64: Buffer.from('{"kind":"x"}').toString('base64'),
  });
});

test.each([
  ['', '&id=a%20b', 400, 'invalidTaskName'],
  ['', '&id=', 400, 'invalidTaskName'],
  ['', `&tag=${'x'.repeat(501)}`, 400, 'invalidTag'],
  ['', '&tag=%EF%BF%BD', 400, 'invalidTag'],
  ['', '&uploadType=media', 400, 'invalidParameter'],
  ['', '&fields=nope', 400, 'invalidParameter'],
  [Buffer.alloc(1024 * 1024 + 1), '', 413, 'payloadTooLarge'],
])('an upload of %j with %s is refused and stores nothing', async (payload, query, code, reason) => {
  const answer = await upload(payload, query);
  expect(answer.json()).toMatchObject({ error: { code, errors: [{ reason }] } });
  expect((await store.stats({ project: 'p', queue: 'q' })).total).toBe(0);
});

test('an upload may have 1 MiB but no content encoding, and only POST is allowed', async () => {
  expect((await upload(Buffer.alloc(1024 * 1024))).statusCode).toBe(200);
  expect((await upload('', '', { 'content-encoding': 'gzip' })).statusCode).toBe(415);
  expect((await app.inject({ url: `/upload${TASKS}` })).statusCode).toBe(405);
  const resumable = `/upload${TASKS}?uploadType=resumable`;
  expect((await app.inject({ method: 'POST', url: resumable, payload: 'x' })).statusCode).toBe(400);
});

const insert = (body: object, query = '', headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: TASKS + query, payload: body, headers });

test('Prefer: return=minimal leaves the payload out of the answers to insert, update and patch', async () => {
  const prefer = { prefer: 'respond-async, return=minimal' };
  const inserted = await insert({ id: 'a', payloadBase64: 'YQ==' }, '', prefer);
  expect(inserted.json()).not.toHaveProperty('payloadBase64');
  expect(inserted.headers).toMatchObject({ 'preference-applied': 'return=minimal', etag: '"0"' });
  await app.inject({ method: 'POST', url: `${TASKS}/lease?numTasks=1&leaseSecs=60` });
  for (const method of ['POST', 'PATCH'] as const) {
    const call = { method, url: `${TASKS}/a?newLeaseSeconds=90`, payload: { queueName: 'q', id: 'a' } };
    const full = await app.inject(call);
    const minimal = await app.inject({ ...call, headers: prefer });
    expect(full.json()).toHaveProperty('payloadBase64', 'YQ==');
    expect(full.headers).not.toHaveProperty('preference-applied');
    expect(minimal.json()).not.toHaveProperty('payloadBase64');
    expect(minimal.headers.etag).toBe(`"${minimal.json<{ leaseTimestamp: number }>().leaseTimestamp}"`);
  }
  expect((await app.inject({ url: `${TASKS}/a`, headers: prefer })).json()).toHaveProperty('payloadBase64');
});

test('payloads that fields leaves out are not read from the store', async () => {
  await insert({ id: 'a', payloadBase64: 'YQ==' });
  const wanted: unknown[] = [];
  const spied = new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        const options = args.at(-1) as { payload?: boolean } | undefined;
        if (['get', 'list', 'lease', 'renew'].includes(String(name))) wanted.push(options?.payload);
        return Reflect.apply(method, target, args) as unknown;
      };
    },
  });
  const watched = createQueueApp({ store: spied });
  const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, headers = {}) => {
    const payload = method === 'PATCH' ? { payload: { queueName: 'q' } } : {};
    const { statusCode } = await watched.inject({ method, url: TASKS + path, headers, ...payload });
    expect(statusCode).toBe(200);
  };
  await call('GET', '/a');
  await call('GET', '/a?fields=id,tag');
  await call('GET', '?fields=items(id,tag)');
  await call('GET', '?fields=items/*');
  await call('POST', '/lease?numTasks=1&leaseSecs=60&fields=items/id');
  await call('PATCH', '/a?newLeaseSeconds=60', { prefer: 'return=minimal' });
  await call('PATCH', '/a?newLeaseSeconds=0&fields=leaseTimestamp');
  expect(wanted).toEqual([true, false, false, true, false, false, false]);
  await watched.close();
});

test('the answer to an insert has the payload in standard base64, whatever form it came in', async () => {
  const echo = async (payloadBase64: string) =>
    (await insert({ payloadBase64 })).json<{ payloadBase64: string }>().payloadBase64;
  for (const given of ['', 'YQ==', 'YWI=', 'YWJj', 'YQ', 'YR==', 'YWJ=', 'YW-_', 'abcdYWJjYR=='])
    expect(await echo(given)).toBe(Buffer.from(given, 'base64').toString('base64'));
});
