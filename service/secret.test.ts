import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { openSecret, SecretFile } from './secret.ts';

const logger = pino({ level: 'silent' });

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secret-'));
  path = join(folder, 'token');
  await writeFile(path, 'first\n');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('a secret from a variable stays as it is', () => {
  const secret = openSecret({ value: 'fixed' }, logger);
  expect([secret.read(), secret.read('fixed')]).toEqual(['fixed', 'fixed']);
  expect(openSecret({}, logger).read()).toBeUndefined();
  secret.close();
});

test('a file is preferred to a variable, and read again at once after its secret was refused', async () => {
  const secret = openSecret({ value: 'fixed', file: path }, logger);
  await writeFile(path, 'second\n');
  expect(secret.read()).toBe('first');
  expect(secret.read('older')).toBe('first');
  expect(secret.read('first')).toBe('second');
  expect(secret.read()).toBe('second');
  secret.close();
});

test('a file that is missing fails at the start, and later leaves the secret as it was', async () => {
  expect(() => openSecret({ file: join(folder, 'missing') }, logger)).toThrow('ENOENT');
  const secret = openSecret({ file: path }, logger);
  await rm(path);
  expect(secret.read('first')).toBe('first');
  secret.close();
});

test('an invalid or missing file leaves the value as it was and is reported once, without its text', async () => {
  const lines = new PassThrough({ encoding: 'utf8' });
  const parse = (text: string) => {
    if (!text.startsWith('{')) throw new Error('it is not valid JSON');
    return text;
  };
  await writeFile(path, '{}');
  const file = new SecretFile(path, { parse, logger: pino(lines) });
  await writeFile(path, 'topsecret');
  expect([file.refresh(), file.refresh()]).toEqual(['{}', '{}']);
  const log = String(lines.read());
  expect(log.match(/it is not valid JSON/g)?.length).toBeGreaterThan(0);
  expect(log.trim().split('\n')).toHaveLength(1);
  expect(log).not.toContain('topsecret');
  await rm(path);
  expect([file.refresh(), file.refresh()]).toEqual(['{}', '{}']);
  expect(String(lines.read()).trim().split('\n')).toEqual([expect.stringContaining('ENOENT')]);
  await writeFile(path, '{"a":1}');
  expect(file.refresh()).toBe('{"a":1}');
  file.close();
});

test('a symbolic link that is swapped, as in a volume of Kubernetes, is seen by the next look', async () => {
  const [older, newer] = [join(folder, 'older'), join(folder, 'newer')];
  for (const data of [older, newer]) await mkdir(data);
  await writeFile(join(older, 'token'), 'older');
  await writeFile(join(newer, 'token'), 'newer');
  await symlink(older, join(folder, '..data'));
  const changes = new EventTarget();
  const file = new SecretFile(join(folder, '..data', 'token'), {
    ...{ parse: String, logger, pollMs: 5 },
    onChange: () => changes.dispatchEvent(new Event('change')),
  });
  const changed = once(changes, 'change', { signal: AbortSignal.timeout(10_000) });
  await symlink(newer, join(folder, '..next'));
  await rename(join(folder, '..next'), join(folder, '..data'));
  await changed;
  expect(file.current).toBe('newer');
  file.close();
});
