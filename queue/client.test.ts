import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { openSecret } from '../service/secret.ts';
import { createQueueApp } from './app.ts';
import { Authorization, authFileSchema } from './auth/authorization.ts';
import { QueueClient, type QueueClientOptions } from './client.ts';
import { openSqliteStore } from './store/sqlite/store.ts';
import type { TaskStore } from './store/task-store.ts';

const TOKEN = 'token-of-the-admin';

let store: TaskStore;
let app: FastifyInstance;
let rootUrl: string;
const clients: QueueClient[] = [];
const clientWith = (options: Partial<QueueClientOptions> = {}) => {
  const client = new QueueClient({ rootUrl, project: 'p', queue: 'q', token: TOKEN, ...options });
  clients.push(client);
  return client;
};

beforeEach(async () => {
  store = openSqliteStore(':memory:');
  const tokens = [{ name: 'admin', token: TOKEN, grants: [{ role: 'admin' as const, queues: ['q'] }] }];
  app = createQueueApp({ store, authorization: new Authorization(authFileSchema.parse({ tokens })) });
  rootUrl = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await app.close();
  await store.close();
});

test('a payload goes in as bytes, text or base64, and its insert and renewal answer without it', async () => {
  const client = clientWith();
  const bytes = Buffer.from([0, 255, 254, 10]);
  const inserted = await client.insert({ payload: bytes, id: 'bytes', tag: 'größer & mehr' });
  expect(inserted).toMatchObject({ id: 'bytes', tag: 'größer & mehr', leaseTimestamp: 0 });
  expect(inserted).not.toHaveProperty('payloadBase64');
  await client.insert({ payload: 'ü', id: 'text' });
  await client.insert({ payloadBase64: 'w7w=', id: 'base64' });
  await client.insert({ payload: '', id: 'empty' });
  expect((await client.list()).map(({ payloadBase64 }) => payloadBase64)).toEqual([
    bytes.toString('base64'),
    'w7w=',
    'w7w=',
    '',
  ]);
  const [leased] = await client.lease({ numTasks: 1, leaseSecs: 60 });
  if (!leased) throw new Error('nothing was leased');
  const renewed = await client.renew(leased, 90);
  expect(renewed.leaseTimestamp).toBeGreaterThan(leased.leaseTimestamp);
  expect(renewed).not.toHaveProperty('payloadBase64');
});

test('a service without uploads, as version 0.1.0 is, gets the payload in JSON until the next try', async () => {
  const paths: string[] = [];
  const old = fastify();
  old.addHook('onRequest', async (request, reply) => {
    paths.push(request.url);
    if (!request.url.startsWith('/upload')) return;
    const error = { code: 404, message: 'There is nothing here.' };
    await reply.code(404).send({
      error: { ...error, errors: [{ domain: 'global', reason: 'notFound', message: error.message }] },
    });
  });
  old.post('/taskqueue/*', async (request, reply) => {
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: request.url,
      headers: { authorization: `Bearer ${TOKEN}` },
      payload: request.body as object,
    });
    return reply.code(statusCode).type('application/json').send(body);
  });
  try {
    const client = clientWith({ rootUrl: await old.listen({ port: 0, host: '127.0.0.1' }) });
    await client.insert({ payload: 'ü', id: 'first' });
    await client.insert({ payload: 'ü', id: 'second' });
    expect(paths.map((path) => path.startsWith('/upload'))).toEqual([true, false, false]);
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    await client.insert({ payload: 'ü', id: 'third' });
    expect(paths.slice(3).map((path) => path.startsWith('/upload'))).toEqual([true, false]);
    const stored = await clientWith().list();
    expect(stored.map(({ payloadBase64 }) => payloadBase64)).toEqual(['w7w=', 'w7w=', 'w7w=']);
  } finally {
    jest.restoreAllMocks();
    await old.close();
  }
});

test('each cause of a fault has its own reason', async () => {
  const client = clientWith();
  await client.insert({ payload: 'x', id: 'a' });
  const [task] = await client.lease({ numTasks: 1, leaseSecs: 0 });
  if (!task) throw new Error('nothing was leased');
  const none = { ...task, id: 'none' };
  const stale = { ...task, leaseTimestamp: 1 };
  const reasons = async (...calls: Promise<unknown>[]) => {
    for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'QueueError' });
    return Promise.all(
      calls.map((call) => call.catch((error: unknown) => (error as { reason: string }).reason)),
    );
  };
  expect(
    await reasons(
      client.insert({ payload: 'x', id: 'a' }),
      client.insert({ payload: 'x', id: 'a b' }),
      client.insert({ payload: 'x', tag: 'x'.repeat(501) }),
      client.insert({ payload: Buffer.alloc(1024 * 1024 + 1) }),
      client.renew(task, 5),
      client.renew(stale, 5),
      client.renew(none, 5),
      client.delete(stale),
      client.delete('none'),
      clientWith({ queue: 'q.r' }).list(),
      clientWith({ project: '{p}' }).list(),
      clientWith({ queue: 'other' }).list(),
      clientWith({ rootUrl: `${rootUrl}/nowhere` }).list(),
    ),
  ).toEqual([
    ...['taskNameTaken', 'invalidTaskName', 'invalidTag', 'payloadTooLarge'],
    ...['leaseExpired', 'leaseSuperseded', 'taskNotFound', 'leaseSuperseded', 'taskNotFound'],
    ...['invalidQueueName', 'invalidProjectName', 'forbidden', 'notFound'],
  ]);
});

test('a token is asked for before each call', async () => {
  const tokens: string[] = [];
  const client = clientWith({ token: () => tokens[0] });
  await expect(client.list()).rejects.toMatchObject({ code: 401, reason: 'authError' });
  tokens.push(TOKEN);
  await expect(client.list()).resolves.toEqual([]);
});

test('a token that was replaced in its file is used by the next call, also when the service refuses the old one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'client-token-'));
  const file = join(folder, 'token');
  await writeFile(file, 'expired-token-of-the-admin');
  const secret = openSecret({ file }, pino({ level: 'silent' }));
  const client = clientWith({ token: secret.read });
  await expect(client.insert({ payload: 'x', id: 'a' })).rejects.toMatchObject({ code: 401 });
  await writeFile(file, TOKEN);
  await expect(client.insert({ payload: 'x', id: 'a' })).resolves.toMatchObject({ id: 'a' });
  expect(secret.read()).toBe(TOKEN);
  secret.close();
  await rm(folder, { recursive: true });
});
