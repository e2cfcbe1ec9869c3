import { afterAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { createQueueApp } from '../app.ts';
import { Authorization, authFileSchema } from './authorization.ts';

const token = (role: string) => `token-of-the-${role}`;
const store = openSqliteStore(':memory:');
const authorization = new Authorization(
  authFileSchema.parse({
    tokens: [
      ...['producer', 'consumer', 'admin', 'viewer'].map((role) => ({
        name: role,
        token: token(role),
        grants: [{ role, queues: ['q', 'p/r'] }],
      })),
      {
        name: 'hashed',
        tokenSha256: createHash('sha256').update('a-hashed-long-token').digest('hex'),
        grants: [{ role: 'admin' }],
      },
    ],
  }),
);
const app = createQueueApp({ store, authorization });
afterAll(async () => {
  await app.close();
  await store.close();
});

const QUEUE = '/taskqueue/v1beta2/projects/p/taskqueues/q';
const CALLS = {
  insert: { method: 'POST', url: `${QUEUE}/tasks`, payload: '{"payloadBase64":""}' },
  list: { method: 'GET', url: `${QUEUE}/tasks` },
  get: { method: 'GET', url: `${QUEUE}/tasks/none` },
  lease: { method: 'POST', url: `${QUEUE}/tasks/lease?numTasks=1&leaseSecs=0` },
  patch: { method: 'PATCH', url: `${QUEUE}/tasks/none?newLeaseSeconds=1`, payload: '{"queueName":"q"}' },
  update: {
    method: 'POST',
    url: `${QUEUE}/tasks/none?newLeaseSeconds=1`,
    payload: '{"queueName":"q","id":"none"}',
  },
  delete: { method: 'DELETE', url: `${QUEUE}/tasks/none` },
  stats: { method: 'GET', url: `${QUEUE}?getStats=true` },
} as const;
const CONSUMING = ['list', 'get', 'lease', 'patch', 'update', 'delete', 'stats'];
const ALLOWED: Record<string, string[]> = {
  producer: ['insert'],
  consumer: CONSUMING,
  admin: ['insert', ...CONSUMING],
  viewer: ['stats'],
};

test.each(Object.keys(ALLOWED))('a %s may do what its role allows and nothing else', async (role) => {
  for (const [name, call] of Object.entries(CALLS)) {
    const { statusCode } = await app.inject({ ...call, headers: { authorization: `Bearer ${token(role)}` } });
    expect([name, statusCode === 403]).toEqual([name, !ALLOWED[role]?.includes(name)]);
  }
});

test.each([undefined, 'Bearer', 'Bearer unknown-token-unknown', 'Basic dTpw', `Bearer ${token('admin')} x`])(
  'without a known token (%s) every call is 401, in the envelope',
  async (header) => {
    for (const call of Object.values(CALLS)) {
      const answer = await app.inject({
        ...call,
        headers: header === undefined ? {} : { authorization: header },
      });
      expect(answer.json()).toMatchObject({ error: { code: 401 } });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  },
);

test('a caller without a token does not learn which queues exist', async () => {
  const fixed = createQueueApp({ store, authorization, settings: { queues: ['q'] } });
  const status = async (url: string, headers = {}) => (await fixed.inject({ url, headers })).statusCode;
  const other = QUEUE.replace(/q$/, 'other');
  expect([await status(QUEUE), await status(other)]).toEqual([401, 401]);
  const known = { authorization: 'Bearer a-hashed-long-token' };
  expect([await status(QUEUE, known), await status(other, known)]).toEqual([200, 404]);
  await fixed.close();
});

test('grants apply to their queues only', async () => {
  const status = async (url: string, bearer: string) =>
    (await app.inject({ url, headers: { authorization: `bearer ${bearer}` } })).statusCode;
  const others = (project: string, queue: string) =>
    `/taskqueue/v1beta2/projects/${project}/taskqueues/${queue}/tasks`;
  expect(await status(others('b~p', 'r'), token('admin'))).toBe(200);
  expect(await status(others('o', 'r'), token('admin'))).toBe(403);
  expect(await status(others('o', 'any'), 'a-hashed-long-token')).toBe(200);
});

test('probes, metrics and documents need no token; a queue names the tokens with its roles', async () => {
  for (const url of ['/livez', '/readyz', '/metrics', '/openapi.json', '/api/taskqueue/v1beta2'])
    expect((await app.inject({ url })).statusCode).toBe(200);
  const queue = await app.inject({ url: QUEUE, headers: { authorization: `Bearer ${token('viewer')}` } });
  expect(queue.json()).toMatchObject({
    acl: { producerEmails: ['producer'], consumerEmails: ['consumer'], adminEmails: ['admin', 'hashed'] },
  });
});

test('replaced tokens apply at once', () => {
  const changing = new Authorization({ tokens: [] });
  const require = () => {
    changing.require('Bearer 0123456789abcdef', 'view', () => ({ project: 'p', queue: 'q' }));
  };
  expect(require).toThrow('unknown');
  changing.replace({
    tokens: [{ name: 'n', token: '0123456789abcdef', grants: [{ role: 'viewer', queues: ['*'] }] }],
  });
  expect(require).not.toThrow();
});
