import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { Authorization } from '../../queue/http/authorization.ts';
import { createQueueApp } from '../../queue/http/app.ts';
import { openSqliteStore } from '../../queue/sqlite/store.ts';
import { describeWith } from '../harness/describe-with.ts';
import { pythonWith, runPython } from '../harness/python.ts';

const SCRIPT = join(import.meta.dirname, 'python_client.py');

describeWith(['python'], "Google's Python client", () => {
  let python: string;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    python = await pythonWith(['google-api-python-client==2.149.0']);
  }, 300_000);
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  const listen = async (options: Partial<Parameters<typeof createQueueApp>[0]> = {}) => {
    const store = openSqliteStore(':memory:');
    const app = createQueueApp({ store, ...options });
    closing.push(async () => {
      await app.close();
      await store.close();
    });
    return app.listen({ port: 0, host: '127.0.0.1' });
  };

  test.each(['number', 'string'] as const)(
    'inserts, leases, renews and deletes, with 64 bits as a %s',
    async (int64) => {
      expect(await runPython(python, SCRIPT, [await listen({ settings: { int64 } })])).toBe('done\n');
    },
    180_000,
  );

  test('the discovery document names the host that was asked, and scopes only when tokens are asked for', async () => {
    const document = async (root: string) =>
      (await (await fetch(`${root}/api/taskqueue/v1beta2`)).json()) as Record<string, unknown>;
    const open = await listen();
    expect(await document(open)).toMatchObject({
      rootUrl: `${open}/`,
      servicePath: 'taskqueue/v1beta2/projects/',
      baseUrl: `${open}/taskqueue/v1beta2/projects/`,
      basePath: '/taskqueue/v1beta2/projects/',
      batchPath: 'batch',
    });
    expect(await document(open)).not.toHaveProperty('auth');
    const guarded = await listen({ authorization: new Authorization({ tokens: [] }) });
    expect(await document(guarded)).toHaveProperty('auth.oauth2.scopes');
  });
});
