import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { QueueClient } from '../../queue/client.ts';
import { resultIdOf } from '../../queue/wire/render.ts';
import { eventually } from '../harness/eventually.ts';
import { Standalone } from './standalone-process.ts';

jest.setTimeout(180_000);

let standalone: Standalone;
let client: QueueClient;
beforeEach(async () => {
  standalone = await Standalone.create();
  client = new QueueClient({ rootUrl: standalone.url, project: 'render', queue: 'render' });
});
afterEach(async () => {
  await client.close();
  await standalone.remove();
});

const grid = {
  kind: 'task#render',
  resource_slug: 'grid',
  resource_name: 'Grid',
  resource_view: 'grid',
  url: 'example.org/grid',
  paper_size: 'a4',
  copies: 1,
};

function insert(id: string, payload: unknown) {
  return client.insert({ id, tag: 'task', payload: JSON.stringify(payload) });
}

function resultOf(id: string): Promise<Record<string, unknown>> {
  return eventually(
    async () => {
      const { payloadBase64, tag } = await client.get(resultIdOf(id));
      expect(tag).toBe('result');
      return JSON.parse(Buffer.from(payloadBase64, 'base64').toString()) as Record<string, unknown>;
    },
    { timeoutMs: 60_000 },
  );
}

test('a task becomes a PDF, and the task is gone', async () => {
  await standalone.start();
  await insert('one', grid);
  const { kind, success, filename, document } = await resultOf('one');
  expect({ kind, success, filename }).toEqual({
    kind: 'result#document',
    success: true,
    filename: 'Grid (a4).pdf',
  });
  expect(
    Buffer.from(document as string, 'base64')
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  await eventually(() => expect(client.get('one')).rejects.toMatchObject({ code: 404 }));
});

test('a task that cannot be rendered has a result that names each fault', async () => {
  await standalone.start();
  await insert('bad', { ...grid, paper_size: 'a0', copies: 0 });
  const result = await resultOf('bad');
  expect(result).toMatchObject({ success: false, filename: null, document: null });
  expect(result.error).toContain('paper_size is "a0", allowed: a4, letter');
  expect(result.error).toContain('copies is 0');
});

test('no acknowledged task is lost when the process is killed', async () => {
  // No task can be rendered by a browser that is not one, so all of them are still there afterwards.
  await standalone.start({ CHROMIUM_PATH: '/bin/true', LOG_LEVEL: 'silent' });
  const ids = Array.from({ length: 40 }, (_, index) => `task-${index}`);
  const acknowledged: string[] = [];
  const inserting = ids.map((id) => insert(id, grid).then(() => acknowledged.push(id)));
  await Promise.race(inserting);
  await standalone.end('SIGKILL');
  await Promise.allSettled(inserting);
  expect(acknowledged.length).toBeGreaterThan(0);
  await client.close();
  client = new QueueClient({ rootUrl: standalone.url, project: 'render', queue: 'render' });

  await standalone.start();
  for (const id of acknowledged) expect(await resultOf(id)).toMatchObject({ success: true });
});

test('a document too large for the queue is saved and served', async () => {
  await standalone.start({ MAX_QUEUE_TASK_SIZE: '2048' });
  await insert('large', grid);
  const { kind, success, url } = await resultOf('large');
  expect({ kind, success }).toEqual({ kind: 'result#link', success: true });
  expect(String(url)).toMatch(new RegExp(`^${standalone.url}/results/`));
  const response = await fetch(String(url));
  expect(response.headers.get('content-type')).toBe('application/pdf');
  expect((await response.text()).startsWith('%PDF-')).toBe(true);
  expect((await fetch(`${standalone.url}/results/..%2fqueue.sqlite`)).status).toBeGreaterThanOrEqual(400);
});

test('SIGTERM ends it cleanly, and a stopped process leaves its data for the next', async () => {
  await standalone.start();
  await insert('one', grid);
  await resultOf('one');
  expect(await standalone.end('SIGTERM')).toBe(0);
  await standalone.start();
  expect(await resultOf('one')).toMatchObject({ success: true });
});

test('SIGTERM to npm itself ends what it started too', async () => {
  await standalone.start({}, ['npm', 'start']);
  await standalone.end('SIGTERM');
  await eventually(() => expect(fetch(standalone.url)).rejects.toThrow(), { timeoutMs: 20_000 });
});

test('it tells what it serves, what it can render and how its renderers are', async () => {
  await standalone.start();
  const json = async (path: string) => await (await fetch(standalone.url + path)).json();
  expect(await json('/')).toMatchObject({ name: 'renderfleet', catalogue: '/catalogue' });
  expect(await json('/renderer/status')).toMatchObject({ queueReachable: true });
  const { resources } = (await json('/catalogue')) as { resources: { slug: string; thumbnail: string }[] };
  const found = resources.find(({ slug }) => slug === 'grid');
  const picture = await fetch(standalone.url + String(found?.thumbnail));
  expect(picture.headers.get('content-type')).toMatch(/^image\//);
});

test('the client adds, waits and saves; lists, counts, leases and flushes', async () => {
  await standalone.start();
  const out = join(standalone.folder, 'out');
  const saved = await standalone.client('add', 'grid', '--copies', '3', '--wait', '-o', out, '--json');
  expect(saved).toMatchObject({ code: 0, stderr: '' });
  const { path } = JSON.parse(saved.stdout) as { path: string };
  expect(path).toBe(join(out, 'Grid (a4).pdf'));
  expect((await stat(path)).size).toBeGreaterThan(1000);
  expect((await standalone.client('list')).stdout.trim().split('\n')).toHaveLength(1);

  await client.insert({ id: 'mine', tag: 'other', payload: 'hello' });
  const listed = await standalone.client('list', '--json');
  expect(JSON.parse(listed.stdout)).toMatchObject({ id: 'mine', tag: 'other' });
  const leased = await standalone.client('lease', '--tag', 'other', '--json');
  expect(JSON.parse(leased.stdout)).toMatchObject({ id: 'mine', retry_count: 1 });
  expect(JSON.parse((await standalone.client('stats', '--json')).stdout)).toMatchObject({
    stats: { totalTasks: 1 },
  });
  expect((await standalone.client('flush')).stdout).toBe('Deleted 1 task.\n');
  await expect(client.list()).resolves.toEqual([]);
});

test('the client adds a file of tasks, and saves the results later', async () => {
  await standalone.start();
  const file = join(import.meta.dirname, 'tasks.jsonl');
  const added = await standalone.client('add', '--file', file, '--json');
  expect(added.code).toBe(0);
  const { tasks } = JSON.parse(added.stdout) as { tasks: string[] };
  for (const id of tasks) await resultOf(id);
  const out = join(standalone.folder, 'out');
  expect((await standalone.client('document', '-o', out)).code).toBe(0);
  expect((await readdir(out)).sort()).toEqual([
    'Binary Cards (small) (8 bits - with dot counts - without black back - letter).pdf',
    'Grid (a4) 2.pdf',
    'Grid (a4).pdf',
  ]);
  expect((await readFile(join(out, 'Grid (a4).pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
});
