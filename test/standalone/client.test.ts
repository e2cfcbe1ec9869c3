import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueClient } from '../../queue/client.ts';
import { freePort } from '../harness/processes.ts';
import { QueueProcess } from '../harness/queue-service.ts';
import { Standalone, runClient } from './standalone-process.ts';

jest.setTimeout(240_000);

let standalone: Standalone;
beforeAll(async () => {
  standalone = await Standalone.create();
  await standalone.start();
});
afterAll(() => standalone.remove());

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderfleet-client-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  [['add', 'nonsense'], 'Resource "nonsense" not found; known resources: '],
  [['add', 'grid', '--paper-size', 'a0'], 'paper_size is "a0", allowed: a4, letter'],
  [['add', 'grid', '--copies', 'many'], 'copies is '],
  [['add', 'binary-cards-small', '--number-bits', '7'], 'number_bits is "7", allowed: 4, 8, 12'],
  [['add', 'grid', '--number-bits', '7'], "unknown option '--number-bits'"],
  [['add'], 'Name a resource'],
  [['add', 'grid', '--file', 'x'], 'not both'],
  [['add', '--file', '/nowhere/tasks.jsonl'], '/nowhere/tasks.jsonl cannot be read'],
  [['add', 'grid', '--copies', ''], 'copies is "", allowed: a whole number'],
  [
    ['add', 'grid', '--wait', '-o', '/dev/null/out'],
    '--output is "/dev/null/out", which cannot be written to',
  ],
  [['document', '-o', '/dev/null'], '--output is "/dev/null", which cannot be written to'],
  [['list', '--queue-url', 'nonsense'], '--queue-url is "nonsense", allowed: a URL such as'],
  [['list', '--queue-url', 'ftp://127.0.0.1'], '--queue-url is "ftp://127.0.0.1", allowed: a URL such as'],
  [['add', 'grid', '--catalogue-url', 'nonsense'], '--catalogue-url is "nonsense", allowed: a URL such as'],
  [['add', 'grid', '--option', 'size'], 'must be name=value'],
  [['document', '-o', '-'], '--output is "-", which takes one PDF only'],
  [['list', '--token', 'a\nb'], 'The token contains characters'],
  [['lease', '--count', '0'], 'must be a whole number from 1 to 1000'],
  [['nonsense'], "unknown command 'nonsense'"],
])('a wrong command line ends with 2 and says why: %j', async (argv, message) => {
  const { code, stderr, stdout } = await standalone.client(...argv);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('a file with wrong lines adds nothing and names each of them', async () => {
  const file = join(folder, 'tasks.jsonl');
  await writeFile(file, '{"resource_slug":"grid"}\n{"resource_slug":"grid","copies":0}\nnonsense\n{"a":1}\n');
  const { code, stderr } = await standalone.client('add', '--file', file);
  expect(code).toBe(2);
  expect(stderr).toContain('no task was added');
  expect(stderr).toMatch(/line 2: .*copies is 0.*\n.*line 3: .*JSON.*\n.*line 4: .*resource_slug/);
});

test('an unreachable queue ends with 3 and says what to check', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, stderr } = await runClient(['stats', '--queue-url', url]);
  expect(code).toBe(3);
  expect(stderr).toContain('The queue cannot be reached');
  expect(stderr).not.toContain('    at ');
});

test('it exits silently when the reader of its output goes away', async () => {
  const queue = await QueueProcess.start();
  const inserting = new QueueClient({ rootUrl: queue.rootUrl, project: 'render', queue: 'render' });
  await inserting.insert({ payload: 'x' });
  await inserting.close();
  const argv = ['cli/main.ts', 'stats', '--watch', '--queue-url', queue.rootUrl];
  const child = spawn(process.execPath, argv, { stdio: 'pipe' });
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close') as Promise<[number]>]);
  expect([stderr, code]).toEqual(['', 130]);
  await queue.remove();
});

test('wrong environment variables are named', async () => {
  const { code, stderr } = await runClient(['stats'], { API_DISCOVERY_URL: 'nonsense', QUEUE_NAME: 'a b' });
  expect(code).toBe(2);
  expect(stderr).toContain('API_DISCOVERY_URL');
  expect(stderr).toContain('QUEUE_NAME');
});

test('help names the commands, and that of a resource its options', async () => {
  const help = await runClient(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const command of ['add', 'list', 'lease', 'document', 'flush', 'stats', 'resources', 'preview']) {
    expect(help.stdout).toContain(`  ${command}`);
  }
  expect((await standalone.client('add', 'piano-keys', '--help')).stdout).toContain('--highlight');
});

test('a preview needs no queue', async () => {
  const { code, stdout } = await runClient(['preview', 'grid', '--paper-size', 'letter', '-o', folder]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(folder, 'Grid (letter).pdf')}\n` });
  expect(await readdir(folder)).toEqual(['Grid (letter).pdf']);
});

test('a preview goes to standard output, in any folder', async () => {
  const { code, stdout, stderr } = await runClient(['preview', 'grid', '-o', '-'], {}, folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.slice(0, 5)).toBe('%PDF-');
  expect(stdout.trimEnd().slice(-5)).toBe('%%EOF');
  expect(await readdir(folder)).toEqual([]);
});

describe('without a catalogue', () => {
  let queue: QueueProcess;
  let client: QueueClient;
  beforeEach(async () => {
    queue = await QueueProcess.start();
    client = new QueueClient({ rootUrl: queue.rootUrl, project: 'render', queue: 'render' });
  });
  afterEach(async () => {
    await client.close();
    await queue.remove();
  });
  const run = (...argv: string[]) => runClient([...argv, '--queue-url', queue.rootUrl]);

  test('add sends options by their names, and says that only the renderer checks them', async () => {
    const argv = ['add', 'own', '--copies', '2', '--option', 'size=5', '--option', 'title=Room 12'];
    const { code, stdout, stderr } = await run(...argv);
    expect(code).toBe(0);
    expect(stderr).toContain(`No catalogue at ${queue.rootUrl}/catalogue: it answered 404.`);
    expect(stderr).toContain('--option name=value');
    const [task] = await client.list();
    expect(task).toMatchObject({ id: stdout.trim(), tag: 'task' });
    expect(JSON.parse(Buffer.from(String(task?.payloadBase64), 'base64').toString())).toEqual({
      kind: 'task#render',
      resource_slug: 'own',
      resource_view: 'own',
      resource_name: 'own',
      url: '',
      paper_size: 'a4',
      copies: '2',
      size: 5,
      title: 'Room 12',
    });
  });

  test('add names the way to give an option that it does not know', async () => {
    const { code, stderr } = await run('add', 'own', '--size', '5');
    expect(code).toBe(2);
    expect(stderr).toMatch(/--option name=value[^]*unknown option '--size'/);
    expect(await client.list()).toEqual([]);
  });

  test('a file of tasks is added', async () => {
    const file = join(folder, 'tasks.jsonl');
    await writeFile(file, '{"resource_slug":"own","size":5}\n');
    const { code, stdout } = await run('add', '--file', file);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Added 1 task.\n' });
  });

  test('resources ends with 3 and says which services have one', async () => {
    const { code, stderr } = await run('resources');
    expect(code).toBe(3);
    expect(stderr).toContain('--catalogue-url: "npm start", or a renderer');
  });

  test('a queue takes the options that another service lists', async () => {
    const argv = ['add', 'piano-keys', '--highlight', 'gird', '--catalogue-url', standalone.url];
    const { code, stderr } = await run(...argv);
    expect(code).toBe(2);
    expect(stderr).toContain('highlight is "gird", allowed: ');
    const { stdout } = await run('add', 'grid', '--catalogue-url', `${standalone.url}/catalogue`);
    expect(await client.list()).toMatchObject([{ id: stdout.trim() }]);
  });
});
