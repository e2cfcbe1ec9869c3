import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { TaskStore } from '../store/task-store.ts';
import { createQueueApp } from '../app.ts';

const TASKS = '/taskqueue/v1beta2/projects/p/taskqueues/q/tasks';
const DUE = '/lease?numTasks=10&leaseSecs=60';

let store: TaskStore;
let app: FastifyInstance;
let time = 1_700_000_000_000_000;
beforeEach(() => {
  store = openSqliteStore(':memory:', { now: () => (time += 1) });
  app = createQueueApp({ store });
});
afterEach(async () => {
  await app.close();
  await store.close();
});

type Json = Record<string, unknown> & { items: Record<string, unknown>[]; error: { message: string } };
const call = async (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT',
  url: string,
  body?: unknown,
  headers = {},
) => {
  const payload =
    body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await app.inject({ method, url, headers, ...payload });
  return {
    ...response,
    status: response.statusCode,
    json: response.body === '' ? undefined : (JSON.parse(response.body) as unknown),
  } as unknown as {
    status: number;
    json: Json;
    body: string;
    headers: Record<string, string>;
  };
};
const insert = (id: string, more: object = {}) =>
  call('POST', TASKS, { queueName: 'q', id, payloadBase64: 'YQ==', ...more });

describe('tasks', () => {
  test('an insert answers with the whole task, without a tag if it has none', async () => {
    const { status, json } = await insert('a');
    expect(status).toBe(200);
    expect(json).toEqual({
      kind: 'taskqueues#task',
      id: 'a',
      queueName: 'q',
      payloadBase64: 'YQ==',
      enqueueTimestamp: expect.any(Number),
      leaseTimestamp: 0,
      retry_count: 0,
    });
    expect((await call('GET', `${TASKS}/a`)).json).toEqual(json);
  });

  test('a missing id is generated, and prefixes of the project are dropped', async () => {
    const path = TASKS.replace('/p/', '/b~p/');
    const { json } = await call('POST', path, { payloadBase64: 'YQ' });
    expect(json.id).toMatch(/^[a-zA-Z0-9_-]{1,500}$/);
    for (const prefix of ['s~', 'e~', ''])
      expect((await call('GET', TASKS.replace('/p/', `/${prefix}p/`))).json.items).toHaveLength(1);
  });

  test.each([
    [{ id: 'a b' }, /^Task name is invalid/],
    [{ id: 'x'.repeat(501) }, /^Task name is invalid/],
    [{ id: 5 }, /^Task name is invalid/],
    [{ payloadBase64: undefined }, /^payloadBase64 is required/],
    [{ payloadBase64: 'Y' }, /not valid base64/],
    [{ payloadBase64: 'YW=' }, /not valid base64/],
    [{ payloadBase64: 'YW JjZA' }, /not valid base64/],
    [{ payloadBase64: 7 }, /must be a string/],
    [{ tag: 'x'.repeat(501) }, /at most 500/],
    [{ tag: 5 }, /must be a string/],
    [{ tag: 'not UTF-8: \uFFFD' }, /valid Unicode/],
    [{ queueName: 'other' }, /^Cannot change task in a different queue\.$/],
  ])('an insert of %j is refused and stores nothing', async (change, message) => {
    const { status, json } = await insert('a', change);
    expect(status).toBe(400);
    expect(json.error.message).toMatch(message);
    expect((await call('GET', TASKS)).json.items).toEqual([]);
  });

  test('base64 may be in either alphabet and is returned in the standard one', async () => {
    expect((await insert('a', { payloadBase64: '-_-_' })).json.payloadBase64).toBe('+/+/');
    expect((await insert('b', { payloadBase64: '' })).json.payloadBase64).toBe('');
  });

  test('a payload of 1 MiB is accepted, a larger one is 413', async () => {
    const bytes = (length: number) => ({ payloadBase64: Buffer.alloc(length).toString('base64') });
    expect((await insert('a', bytes(1024 * 1024))).status).toBe(200);
    expect((await insert('b', bytes(1024 * 1024 + 1))).status).toBe(413);
    expect((await insert('c', bytes(3 * 1024 * 1024))).json).toMatchObject({ error: { code: 413 } });
  });

  test('a client that sends its whole body before it reads also gets the 413', async () => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const size = 16 * 1024 * 1024;
    const socket = connect(port, '127.0.0.1').pause();
    socket.write(`POST ${TASKS} HTTP/1.1\r\nhost: q\r\ncontent-length: ${size}\r\n\r\n`);
    await promisify(socket.write.bind(socket) as (chunk: Buffer, done: () => void) => void)(
      Buffer.alloc(size),
    );
    expect(await text(socket)).toMatch(/^HTTP\/1.1 413 [^]*"code":413/);
  });

  test.each([
    ['numTasks=1', 'leaseSecs is required.'],
    ['leaseSecs=1', 'numTasks is required.'],
    ['numTasks=0&leaseSecs=1', 'numTasks must be between 1 and 1000.'],
    ['numTasks=1.5&leaseSecs=1', 'numTasks must be an integer.'],
    ['numTasks=1&leaseSecs=604801', 'leaseSecs must be between 0 and 604800.'],
    ['numTasks=1&leaseSecs=1&tag=x', 'tag needs groupByTag=true.'],
    ['numTasks=1&leaseSecs=1&groupByTag=maybe', 'groupByTag must be true or false.'],
    ['numTasks=1&leaseSecs=1&groupByTag=TRUE', 'groupByTag must be true or false.'],
    ['numTasks=1&leaseSecs=1&waitSecs=31', 'waitSecs must be between 0 and 30.'],
    ['numTasks=1&numTasks=2&leaseSecs=1', 'numTasks must be given once.'],
  ])('a lease with %s is refused', async (query, message) => {
    const { status, json } = await call('POST', `${TASKS}/lease?${query}`);
    expect([status, json.error.message]).toEqual([400, message]);
  });

  test('renewals fail with the messages of the contract', async () => {
    await insert('a');
    const renew = (query: string, body: object, id = 'a') => call('PATCH', `${TASKS}/${id}${query}`, body);
    const here = { queueName: 'q' };
    const message = async (answer: ReturnType<typeof renew>) => (await answer).json.error.message;
    expect(await message(renew('', here))).toBe('newLeaseSeconds is required.');
    expect(await message(renew('?newLeaseSeconds=x', here))).toBe('newLeaseSeconds must be an integer.');
    expect(await message(renew('?newLeaseSeconds=-1', here))).toBe(
      'newLeaseSeconds must be between 0 and 604800.',
    );
    expect(await message(renew('?newLeaseSeconds=5', { queueName: 'r' }))).toBe(
      'Cannot change task in a different queue.',
    );
    expect(await message(renew('?newLeaseSeconds=5', {}))).toBe('queueName is required.');
    expect(await message(renew('?newLeaseSeconds=5', here))).toBe('The task lease has expired.');
    expect(await message(renew('?newLeaseSeconds=5', here, 'b'))).toBe('Task name does not exist.');
    const update = call('POST', `${TASKS}/a?newLeaseSeconds=5`, { ...here, id: 'b' });
    expect(await message(update)).toBe('Task IDs must match.');
  });

  test('a leased task can be sent back unchanged as an update', async () => {
    await insert('a', { tag: 'x' });
    const [leased] = (await call('POST', TASKS + DUE)).json.items;
    const { status, json } = await call('POST', `${TASKS}/a?newLeaseSeconds=90`, leased);
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: 'a', tag: 'x', retry_count: 1, payloadBase64: 'YQ==' });
    expect(json.leaseTimestamp).toBeGreaterThan(Number(leased?.leaseTimestamp));
  });

  test('If-Match lets only the newest lease act', async () => {
    await insert('a');
    const [leased] = (await call('POST', TASKS + DUE)).json.items;
    const stale = { 'if-match': '"1"' };
    const held = { 'if-match': `"${String(leased?.leaseTimestamp)}"` };
    expect((await call('DELETE', `${TASKS}/a`, undefined, stale)).status).toBe(412);
    expect((await call('PATCH', `${TASKS}/a?newLeaseSeconds=9`, { queueName: 'q' }, stale)).status).toBe(412);
    const renewed = await call('PATCH', `${TASKS}/a?newLeaseSeconds=9`, { queueName: 'q' }, held);
    expect(renewed.headers.etag).toBe(`"${String(renewed.json.leaseTimestamp)}"`);
    expect((await call('DELETE', `${TASKS}/a`, undefined, held)).status).toBe(412);
    const newest = { 'if-match': renewed.headers.etag };
    expect(await call('DELETE', `${TASKS}/a`, undefined, newest)).toMatchObject({ status: 204, body: '' });
  });
});

describe('answers', () => {
  test('fields selects, prettyPrint indents, and other parameters of Google clients have no effect', async () => {
    await insert('a', { tag: 'x' });
    const google = 'alt=json&key=k&oauth_token=t&quotaUser=u&userIp=1.2.3.4&unheard=of';
    expect((await call('GET', `${TASKS}?fields=items(id,tag)&${google}`)).json).toEqual({
      items: [{ id: 'a', tag: 'x' }],
    });
    expect((await call('GET', `${TASKS}/a?prettyPrint=true`)).body).toContain('\n  "id": "a"');
    expect((await call('GET', `${TASKS}?fields=*/id`)).json.items).toEqual([{ id: 'a' }]);
    for (const wrong of 'id(|,|id)|id tag|**|id"|()|nope|id,nope|id/x|*/x|toString'
      .split('|')
      .map((text) => `fields=${text}`)
      .concat('alt=xml'))
      expect((await call('POST', `${TASKS}?${wrong}`, { payloadBase64: '' })).status).toBe(400);
    expect((await call('GET', TASKS)).json.items).toHaveLength(1);
    expect((await call('GET', `${TASKS}?fields=items/nope`)).json.error).toMatchObject({
      code: 400,
      message: 'Invalid field selection nope.',
    });
  });

  test.each([
    ['GET', '/nowhere', undefined, {}, 404],
    ['GET', '/api/taskqueue/v1', undefined, {}, 404],
    ['PUT', TASKS, undefined, {}, 405],
    ['DELETE', '/readyz', undefined, {}, 405],
    ['POST', TASKS, '{"payload', {}, 400],
    ['POST', TASKS, '[1]', {}, 400],
    ['POST', TASKS, '<a/>', { 'content-type': 'text/xml' }, 415],
    ['POST', TASKS, '{"payloadBase64":""}', { 'content-encoding': 'gzip' }, 415],
    ['GET', TASKS.replace('/q/', '/q.r/'), undefined, {}, 400],
    ['GET', TASKS.replace('/p/', '/%7Bp%7D/'), undefined, {}, 400],
    ['GET', `${TASKS}/${'x'.repeat(600)}`, undefined, {}, 404],
    ['GET', `${TASKS}/%`, undefined, {}, 400],
  ] as const)('%s %s is answered in the envelope', async (method, url, body, headers, status) => {
    const answer = await call(method, url, body, headers);
    expect(answer.status).toBe(status);
    const { message } = answer.json.error;
    const reason = expect.any(String) as unknown;
    expect(answer.json).toEqual({
      error: { code: status, message, errors: [{ domain: 'global', reason, message }] },
    });
    expect(answer.body).not.toMatch(/ at .*\.[jt]s/);
  });

  test('a body is accepted without a content type and with those of plain clients', async () => {
    for (const type of [
      '',
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=UTF-8',
    ])
      expect(
        (await call('POST', TASKS, '{"payloadBase64":""}', type === '' ? {} : { 'content-type': type }))
          .status,
      ).toBe(200);
  });

  test('a request id is generated unless the caller sends an acceptable one', async () => {
    expect((await call('GET', TASKS, undefined, { 'x-request-id': 'abc-1' })).headers['x-request-id']).toBe(
      'abc-1',
    );
    const made = (await call('GET', TASKS, undefined, { 'x-request-id': 'a b\tc' })).headers['x-request-id'];
    expect(made).toMatch(/^[0-9a-z-]{38,}$/);
  });
});
