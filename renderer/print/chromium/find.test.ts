import { expect, test } from '@jest/globals';
import { findChromium } from './find.ts';

const nowhere = { path: undefined, searchPath: '' };

test('a cache folder that cannot be made is an error that says which variable sets it', async () => {
  await expect(findChromium({ ...nowhere, cacheDirectory: '/dev/null/cache' })).rejects.toThrow(
    /cannot be unpacked: .*\/dev\/null\/cache.*CHROMIUM_CACHE_DIRECTORY/,
  );
});

test('a program that is none is an error that says how to get one', async () => {
  const path = '/dev/null';
  await expect(findChromium({ ...nowhere, path, cacheDirectory: '/dev/null' })).rejects.toThrow(
    /CHROMIUM_PATH: \/dev\/null is not .*npm install.*apt-get install/,
  );
});
