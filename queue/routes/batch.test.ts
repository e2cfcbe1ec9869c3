import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { TaskStore } from '../store/task-store.ts';
import { createQueueApp } from '../app.ts';
import { Authorization, authFileSchema } from '../auth/authorization.ts';
import { boundaryOf, parsePart, parseRequest, splitMultipart } from './multipart.ts';

const TASKS = '/taskqueue/v1beta2/projects/p/taskqueues/q/tasks';
const INSERT = `POST ${TASKS} HTTP/1.1\r\ncontent-type: application/json\r\n\r\n{"id":"a","payloadBase64":"YQ=="}`;
const TYPE = { 'content-type': 'multipart/mixed; boundary="b o"' };

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

const part = (call: string, headers = 'Content-ID: <x+1>\r\n') =>
  `--b o\r\nContent-Type: application/http\r\n${headers}\r\n${call}\r\n`;
const together = (...parts: string[]) => `${parts.join('')}--b o--\r\n`;
const send = (payload: string, headers: Record<string, string> = TYPE, to = app) =>
  to.inject({ method: 'POST', url: '/batch', headers, payload });

/** The answers in a batch's answer: id, status line and JSON of each. */
const answers = (response: Awaited<ReturnType<typeof send>>) => {
  const boundary = boundaryOf(response.headers['content-type']) ?? '';
  return (splitMultipart(response.body, boundary) ?? []).map(parsePart).map(({ headers, body }) => {
    const [status = '', ...rest] = body.split('\r\n');
    const json = rest.join('\r\n').split('\r\n\r\n')[1] ?? '';
    return {
      id: headers.get('content-id'),
      status,
      json: (json === '' ? undefined : JSON.parse(json)) as unknown,
    };
  });
};
const only = async (call: string, headers?: string) => answers(await send(together(part(call, headers))))[0];

test('calls are carried out in order, each with an answer under its id', async () => {
  const response = await send(
    together(
      part(INSERT, 'Content-ID: <first + 1>\r\n'),
      part(INSERT, ''),
      part(`POST ${TASKS}/lease?numTasks=1&leaseSecs=60 HTTP/1.1\r\n\r\n`),
      part(`DELETE ${TASKS}/a`),
    ),
  );
  expect(response.statusCode).toBe(200);
  expect(answers(response)).toMatchObject([
    { id: '<response-first + 1>', status: 'HTTP/1.1 200 OK', json: { id: 'a', retry_count: 0 } },
    {
      id: undefined,
      status: 'HTTP/1.1 400 Bad Request',
      json: { error: { message: 'Task name is invalid.' } },
    },
    { id: '<response-x+1>', status: 'HTTP/1.1 200 OK', json: { items: [{ id: 'a', retry_count: 1 }] } },
    { status: 'HTTP/1.1 204 No Content', json: undefined },
  ]);
});

test('lines may end in LF alone; preamble and epilogue are ignored', async () => {
  const text = `preamble\n${together(part(INSERT.replace('YQ==', 'w7w='))).replaceAll('\r', '')}epilogue`;
  expect(answers(await send(text))).toMatchObject([
    { status: 'HTTP/1.1 200 OK', json: { payloadBase64: 'w7w=' } },
  ]);
});

test('If-Match of a part is honoured, and the answer has the ETag of the task', async () => {
  await only(INSERT);
  expect(await only(`DELETE ${TASKS}/a HTTP/1.1\r\nIf-Match: "5"`)).toMatchObject({
    json: { error: { code: 412 } },
  });
  expect((await send(together(part(`GET ${TASKS}/a`)))).body).toContain('etag: "0"');
});

test.each([
  ['POST /batch HTTP/1.1', 400, /must call a method of this API/],
  ['GET /metrics HTTP/1.1', 400, /must call a method of this API/],
  [`GET ${TASKS}/../../../../../../../metrics HTTP/1.1`, 400, /must call a method of this API/],
  ['nonsense', 400, /must hold an HTTP request/],
  ['', 400, /must hold an HTTP request/],
  ['GET http://[ HTTP/1.1', 400, /must hold an HTTP request/],
  [`POST ${TASKS}/lease?numTasks=1&leaseSecs=1&waitSecs=5 HTTP/1.1`, 400, /leave waitSecs out/],
  [`PUT ${TASKS} HTTP/1.1`, 405, /PUT is not allowed/],
  [`BREW ${TASKS} HTTP/1.1`, 400, /must hold an HTTP request/],
  [`POST ${TASKS} HTTP/1.1\r\n\r\n{`, 400, /not valid JSON/],
  ['GET /taskqueue/v1beta2/nowhere HTTP/1.1', 404, /^Path .* not found/],
])('a part that holds %j is %i in the envelope', async (call, code, message) => {
  expect(await only(call)).toMatchObject({
    status: expect.stringMatching(`^HTTP/1.1 ${code} `) as unknown,
    json: { error: { code, message: expect.stringMatching(message) as unknown } },
  });
});

test('a part of another type or in another encoding is refused, the others are not', async () => {
  const other = part(INSERT).replace('application/http', 'text/plain');
  const encoded = part(INSERT, 'Content-Transfer-Encoding: base64\r\n');
  expect(
    answers(await send(together(other, encoded, part(INSERT)))).map(({ status }) => status.slice(9, 12)),
  ).toEqual(['400', '400', '200']);
});

test.each([
  ['no parts', together(), TYPE, 400],
  ['too many parts', together(...Array<string>(1001).fill(part('GET /'))), TYPE, 400],
  ['a million parts', `${'--b o\n'.repeat(2_000_000)}--b o--`, TYPE, 400],
  ['no closing boundary', part(INSERT), TYPE, 400],
  ['no boundary', together(part(INSERT)), { 'content-type': 'multipart/mixed' }, 400],
  ['another content type', '{}', { 'content-type': 'application/json' }, 400],
  ['an unknown content type', '<a/>', { 'content-type': 'text/xml' }, 415],
  ['too large a body', ' '.repeat(17 * 1024 * 1024), TYPE, 413],
])('a batch with %s is refused whole', async (_, body, headers, code) => {
  const response = await send(body, headers);
  expect([response.statusCode, response.json()]).toEqual([
    code,
    expect.objectContaining({ error: expect.objectContaining({ code }) as unknown }),
  ]);
});

test('only POST is allowed, and multipart bodies nowhere else', async () => {
  expect((await app.inject({ url: '/batch' })).statusCode).toBe(405);
  const elsewhere = await app.inject({
    method: 'POST',
    url: TASKS,
    headers: TYPE,
    payload: together(part(INSERT)),
  });
  expect(elsewhere.statusCode).toBe(415);
});

test('each call is authorised by its own token, else by that of the batch', async () => {
  const token = (role: 'producer' | 'consumer') => ({
    ...{ name: role, token: `token-of-the-${role}` },
    grants: [{ role, queues: ['q'] }],
  });
  const file = authFileSchema.parse({ tokens: [token('producer'), token('consumer')] });
  const guarded = createQueueApp({ store, authorization: new Authorization(file) });
  const batch = together(
    part(INSERT),
    part(`GET ${TASKS} HTTP/1.1`),
    part(`GET ${TASKS} HTTP/1.1\r\nAuthorization: Bearer token-of-the-consumer`),
  );
  const codes = async (headers: Record<string, string>) =>
    answers(await send(batch, { ...TYPE, ...headers }, guarded)).map(({ status }) => status.slice(9, 12));
  expect(await codes({ authorization: 'Bearer token-of-the-producer' })).toEqual(['200', '403', '200']);
  expect(await codes({})).toEqual(['401', '401', '200']);
  await guarded.close();
});

test('calls after too large an answer are not carried out', async () => {
  const payload = Buffer.alloc(1024 * 1024);
  for (let n = 0; n < 20; n += 1) await store.insert({ project: 'p', queue: 'q' }, { id: `t${n}`, payload });
  const lease = part(`POST ${TASKS}/lease?numTasks=20&leaseSecs=60 HTTP/1.1`);
  const [first, second] = answers(await send(together(lease, part(`DELETE ${TASKS}/t1`))));
  expect(first?.json).toMatchObject({ items: { length: 20 } });
  expect(second?.json).toMatchObject({
    error: { code: 503, message: expect.stringMatching(/too large/) as unknown },
  });
  expect((await store.stats({ project: 'p', queue: 'q' })).total).toBe(20);
});

test('folded headers and targets in absolute form are understood', () => {
  const [folded = ''] = splitMultipart('--x\nContent-ID: <a\n b>\n\nbody\n--x--', 'x') ?? [];
  const { headers, body } = parsePart(folded);
  expect([headers.get('content-id'), body]).toEqual(['<a b>', 'body']);
  expect(parseRequest('GET http://h/p?q=1 HTTP/1.1\n\n')).toMatchObject({
    method: 'GET',
    target: 'http://h/p?q=1',
  });
});
