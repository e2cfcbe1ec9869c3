import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadRendererConfig } from './config.ts';

describe("the renderer's configuration", () => {
  test('needs nothing set', () => {
    const config = loadRendererConfig({});
    expect(config).toMatchObject({ taskCount: 20, taskSeconds: 50, taskTimeMult: 1.33, taskRetryLimit: 5 });
    expect(config).toMatchObject({ maxQueueTaskSize: 696_320, cacheBytes: 314_572_800, storage: undefined });
    expect(config.queue.rootUrl).toBe('http://127.0.0.1:8080');
    expect(config.daemons).toBeGreaterThan(0);
  });

  test.each([
    ['http://queue:8080/api/{api}/{apiVersion}', 'http://queue:8080'],
    ['https://example.org/farm/api/taskqueue/v1beta2', 'https://example.org/farm'],
  ])('finds the queue by its discovery URL %s', (url, rootUrl) => {
    expect(loadRendererConfig({ API_DISCOVERY_URL: url }).queue.rootUrl).toBe(rootUrl);
  });

  test('searches the listed directories first, then the built-in ones', () => {
    const usual = loadRendererConfig({});
    const [ownStatic = '', ownTemplates = ''] = [...usual.staticDirectories, ...usual.templateDirectories];
    expect(ownStatic).toMatch(/\/static$/);
    expect(ownTemplates).toBe(join(ownStatic, 'templates'));
    const given = { STATIC_DIRECTORY: `/a:${ownStatic}:/b`, TEMPLATE_DIRECTORY: '/a/templates' };
    expect(loadRendererConfig(given)).toMatchObject({
      staticDirectories: ['/a', '/b', ownStatic],
      templateDirectories: ['/a/templates', ownTemplates],
    });
  });

  test('reports every fault at once, each with its variable', () => {
    const wrong = {
      TASK_COUNT: 'many',
      TASK_SECONDS: '-1',
      API_DISCOVERY_URL: 'http://queue:8080/',
      CHROMIUM_SANDBOX: 'maybe',
      QUEUE_TOKEN_FILE: '/nowhere/token',
      S3_BUCKET: 'documents',
      BUCKET_SAVE_DIRECTORY: '/documents',
    };
    for (const name of Object.keys(wrong)) expect(() => loadRendererConfig(wrong)).toThrow(name);
  });

  test('names the numbers that are allowed', () => {
    expect(() => loadRendererConfig({ PORT: '99999' })).toThrow(
      'PORT: must be a whole number from 0 to 65535',
    );
    expect(() => loadRendererConfig({ TASK_SECONDS: '0' })).toThrow(
      /TASK_SECONDS: must be a number from 0.1 to/,
    );
  });

  test('treats an empty variable as unset', () => {
    expect(loadRendererConfig({ TASK_COUNT: '', S3_BUCKET: '' }).taskCount).toBe(20);
  });

  test('reads the token from a mounted file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'token-'));
    await writeFile(join(folder, 'token'), 'secret\n');
    expect(loadRendererConfig({ QUEUE_TOKEN_FILE: join(folder, 'token') }).queue.token).toBe('secret');
    await rm(folder, { recursive: true });
  });
});
