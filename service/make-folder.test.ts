import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeFolder } from './make-folder.ts';

test('creates a folder with its missing parents, and accepts one that exists', async () => {
  const root = await mkdtemp(join(tmpdir(), 'folder-'));
  const path = join(root, 'a', 'b', 'c');
  makeFolder(path);
  makeFolder(path);
  expect(existsSync(path)).toBe(true);
  await writeFile(join(root, 'file'), '');
  expect(() => {
    makeFolder(join(root, 'file', 'x'));
  }).toThrow(/ENOTDIR/);
  await rm(root, { recursive: true });
});

test('reports a folder that can never be created', () => {
  expect(() => {
    makeFolder('/proc/renderfleet/data');
  }).toThrow(/mkdir '\/proc/);
});
