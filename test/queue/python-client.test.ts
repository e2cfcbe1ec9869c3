import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { Authorization } from '../../queue/auth/authorization.ts';
import { createQueueApp } from '../../queue/app.ts';
import { openRedisStore } from '../../queue/store/redis/store.ts';
import { openSqliteStore } from '../../queue/store/sqlite/store.ts';
import type { TaskStore } from '../../queue/store/task-store.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { pythonWith, runPython } from '../harness/python.ts';
import { openTestRedis } from '../harness/redis/redis.ts';

const SCRIPT = join(import.meta.dirname, 'python_client.py');
const INT64 = ['number', 'string'] as const;

let python: string;
const closing: (() => Promise<void>)[] = [];
const install = async () => {
  python = await pythonWith(['google-api-python-client==2.149.0']);
};
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const listen = async (
  store: TaskStore,
  options: Partial<Parameters<typeof createQueueApp>[0]> = {},
): Promise<string> => {
  const app = createQueueApp({ store, ...options });
  closing.push(
    () => app.close(),
    () => store.close(),
  );
  return app.listen({ port: 0, host: '127.0.0.1' });
};

const useFrom = async (root: string) => {
  const queue = `python-${randomUUID()}`;
  expect(await runPython(python, SCRIPT, [root, queue])).toBe('done\n');
};

describeWith(['python'], "Google's Python client, on SQLite", () => {
  beforeAll(install, 300_000);

  test.each(INT64)(
    'inserts, leases, renews, deletes and batches, with 64 bits as a %s',
    async (int64) => {
      await useFrom(await listen(openSqliteStore(':memory:'), { settings: { int64 } }));
    },
    180_000,
  );

  test('the discovery document names the host that was asked, and scopes only when tokens are asked for', async () => {
    const document = async (root: string) =>
      (await (await fetch(`${root}/api/taskqueue/v1beta2`)).json()) as Record<string, unknown>;
    const open = await listen(openSqliteStore(':memory:'));
    expect(await document(open)).toMatchObject({
      rootUrl: `${open}/`,
      servicePath: 'taskqueue/v1beta2/projects/',
      baseUrl: `${open}/taskqueue/v1beta2/projects/`,
      basePath: '/taskqueue/v1beta2/projects/',
      batchPath: 'batch',
    });
    expect(await document(open)).not.toHaveProperty('auth');
    const authorization = new Authorization({ tokens: [] });
    const guarded = await listen(openSqliteStore(':memory:'), { authorization });
    expect(await document(guarded)).toHaveProperty('auth.oauth2.scopes');
  });
});

describeWith(['python', 'redis'], "Google's Python client, on Redis", () => {
  beforeAll(install, 300_000);

  test.each(INT64)(
    'inserts, leases, renews, deletes and batches, with 64 bits as a %s',
    async (int64) => {
      const server = await openTestRedis();
      const store = openRedisStore({ address: server }, pino({ level: 'silent' }));
      await eventually(async () => {
        expect(await store.check()).toEqual([]);
      });
      await useFrom(await listen(store, { settings: { int64 } }));
      closing.push(() => server.stop());
    },
    180_000,
  );
});
