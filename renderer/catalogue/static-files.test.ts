import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StaticFiles } from './static-files.ts';

let folder: string;
const write = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
};
const open = (cacheBytes = 1000, names = ['first', 'second']) =>
  new StaticFiles({ directories: names.map((name) => join(folder, name)), cacheBytes });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'static-files-'));
  await write('secret.txt', 'secret');
  await write('first/css/page.css', 'first');
  await write('second/css/page.css', 'second');
  await write('second/art/kiwi.svg', '<svg/>');
});
afterEach(() => rm(folder, { recursive: true }));

describe('reading', () => {
  test('returns the file of the first directory that holds it, and its index', async () => {
    const files = open();
    expect(await files.read('css/page.css')).toMatchObject({ contentType: 'text/css', directory: 0 });
    expect((await files.read('css/page.css'))?.body.toString()).toBe('first');
    expect(await files.read('art/kiwi.svg')).toMatchObject({ contentType: 'image/svg+xml', directory: 1 });
  });

  test('a missing directory is skipped', async () => {
    expect((await open(1000, ['none', 'second']).read('css/page.css'))?.body.toString()).toBe('second');
  });

  test.each([
    '../secret.txt',
    'css/../../secret.txt',
    'css/./page.css',
    '/etc/passwd',
    'css//page.css',
    'css/page.css\0.svg',
    'css\\page.css',
    '%2e%2e/secret.txt',
    '..%2fsecret.txt',
    '.hidden',
    '',
    'css',
    'css/',
    'css/page.css/more',
    'a'.repeat(300),
  ])('finds no file for %j', async (path) => {
    await write('first/.hidden', 'hidden');
    expect(await open().read(path)).toBeUndefined();
  });

  test('symbolic links are followed inside the directory only', async () => {
    await symlink(join(folder, 'first/css'), join(folder, 'first/styles'));
    await symlink(join(folder, 'secret.txt'), join(folder, 'first/leak.txt'));
    await symlink(join(folder, 'first/loop'), join(folder, 'first/loop'));
    expect((await open().read('styles/page.css'))?.body.toString()).toBe('first');
    expect(await open().read('leak.txt')).toBeUndefined();
    expect(await open().read('loop')).toBeUndefined();
  });
});

describe('the cache', () => {
  test('returns the same object until the file changes', async () => {
    const files = open();
    const before = await files.read('css/page.css');
    expect(await files.read('css/page.css')).toBe(before);
    await write('first/css/page.css', 'third');
    await utimes(join(folder, 'first/css/page.css'), 1, 1);
    expect((await files.read('css/page.css'))?.body.toString()).toBe('third');
  });

  test('a file added to an earlier directory is noticed at once', async () => {
    const files = open();
    await files.read('art/kiwi.svg');
    await write('first/art/kiwi.svg', '<svg></svg>');
    expect((await files.read('art/kiwi.svg'))?.directory).toBe(0);
  });

  test('evicts the least recently used file when it is full', async () => {
    await write('first/a', 'a'.repeat(400));
    await write('first/b', 'b'.repeat(400));
    await write('first/c', 'c'.repeat(400));
    const files = open(1100);
    const [a, b] = [await files.read('a'), await files.read('b')];
    await files.read('a');
    await files.read('c');
    expect(await files.read('a')).toBe(a);
    expect(await files.read('b')).not.toBe(b);
  });

  test('serves files larger than itself, and empty ones', async () => {
    await write('first/large', 'x'.repeat(2000));
    await write('first/empty', '');
    expect((await open(10).read('large'))?.body.length).toBe(2000);
    expect((await open(0).read('empty'))?.body.length).toBe(0);
  });
});

test('lists a folder of all directories, sorted, without hidden names', async () => {
  await write('first/art/weka.svg', '<svg/>');
  await write('first/art/.swp', '');
  expect(await open().list('art')).toEqual(['kiwi.svg', 'weka.svg']);
  expect(await open().list('none')).toEqual([]);
  expect(await open().list('../')).toEqual([]);
});
