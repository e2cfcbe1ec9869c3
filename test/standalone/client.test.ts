import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueClient } from '../../queue/client.ts';
import { freePort } from '../harness/processes.ts';
import { QueueProcess } from '../harness/queue-service.ts';
import { runClient } from './standalone-process.ts';

jest.setTimeout(120_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderfleet-client-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  [['add', 'nonsense'], 'There is no resource "nonsense"; there are: '],
  [['add', 'grid', '--paper-size', 'a0'], 'paper_size is "a0", allowed: a4, letter'],
  [['add', 'grid', '--copies', 'many'], 'copies is '],
  [['add', 'binary-cards-small', '--number-bits', '7'], 'number_bits is "7", allowed: 4, 8, 12'],
  [['add', 'grid', '--number-bits', '7'], "unknown option '--number-bits'"],
  [['add'], 'Say which resource'],
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
  [['list', '--token', 'a\nb'], 'The token holds characters'],
  [['lease', '--count', '0'], 'must be a whole number from 1 to 1000'],
  [['nonsense'], "unknown command 'nonsense'"],
])('a wrong command line ends with 2 and says why: %j', async (argv, message) => {
  const { code, stderr, stdout } = await runClient(argv);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('a file with wrong lines adds nothing and names each of them', async () => {
  const file = join(folder, 'tasks.jsonl');
  await writeFile(file, '{"resource_slug":"grid"}\n{"resource_slug":"grid","copies":0}\nnonsense\n{"a":1}\n');
  const { code, stderr } = await runClient(['add', '--file', file]);
  expect(code).toBe(2);
  expect(stderr).toContain('nothing was added');
  expect(stderr).toMatch(/line 2: .*copies is 0.*\n.*line 3: .*JSON.*\n.*line 4: .*resource_slug/);
});

test('a queue that is not there ends with 3 and says what to look at', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, stderr } = await runClient(['stats', '--queue-url', url]);
  expect(code).toBe(3);
  expect(stderr).toContain('The queue cannot be reached');
  expect(stderr).not.toContain('    at ');
});

test('a reader that goes away ends it without a word', async () => {
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
  expect((await runClient(['add', 'piano-keys', '--help'])).stdout).toContain('--highlight');
});

test('a preview needs no queue', async () => {
  const { code, stdout } = await runClient(['preview', 'grid', '--paper-size', 'letter', '-o', folder]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(folder, 'Grid (letter).pdf')}\n` });
  expect(await readdir(folder)).toEqual(['Grid (letter).pdf']);
});
