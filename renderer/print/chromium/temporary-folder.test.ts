import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createTemporaryFolder, removeStaleFolders } from './temporary-folder.ts';

const logger = pino({ level: 'silent' });
/** No process has an id as high as that. */
const NOBODY = 99_999_999;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'renderfleet-test-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

test('folders of processes that are gone are removed, others stay', async () => {
  const own = await createTemporaryFolder(directory, 'fonts');
  for (const name of [`chromium-${NOBODY}-a`, `fonts-${NOBODY}-a`, 'chromium-1-a', 'other']) {
    await mkdir(join(directory, `renderfleet-${name}`, 'inner'), { recursive: true });
  }
  await removeStaleFolders(directory, logger);
  const kept = ['renderfleet-chromium-1-a', own.slice(directory.length + 1), 'renderfleet-other'];
  expect((await readdir(directory)).toSorted()).toEqual(kept.toSorted());
});

test('a folder of this process id that is older than this process is of a killed one, as in a restarted container', async () => {
  const old = await createTemporaryFolder(directory, 'chromium');
  const before = new Date(performance.timeOrigin - 60_000);
  await utimes(old, before, before);
  await removeStaleFolders(directory, logger);
  expect(await readdir(directory)).toEqual([]);
});
