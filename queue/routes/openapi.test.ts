import { expect, test } from '@jest/globals';
import { validate } from '@readme/openapi-parser';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { createQueueApp } from '../app.ts';
import { Authorization } from '../auth/authorization.ts';

test.each([undefined, new Authorization({ tokens: [] })])(
  'the OpenAPI document is valid',
  async (authorization) => {
    const store = openSqliteStore(':memory:');
    const app = createQueueApp({ store, authorization });
    const document = (await app.inject({ url: '/openapi.json' })).json<Parameters<typeof validate>[0]>();
    expect(await validate(document)).toMatchObject({ valid: true });
    expect(document).toMatchObject({ openapi: '3.1.0' });
    const task = '/taskqueue/v1beta2/projects/{project}/taskqueues/{taskqueue}/tasks/{task}';
    expect(document).toHaveProperty(['paths', task, 'get', 'parameters', '2'], {
      ...{ name: 'task', in: 'path', required: true, description: 'The name of the task.' },
      schema: { type: 'string', pattern: '^[a-zA-Z0-9_-]{1,500}$' },
    });
    expect(JSON.stringify(document)).toContain('Names of the tokens with the role admin.');
    await app.close();
    await store.close();
  },
);
