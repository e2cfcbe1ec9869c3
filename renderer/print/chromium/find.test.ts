import { describe, expect, test } from '@jest/globals';
import { findChromium, type Machine } from './find.ts';

const nowhere = { path: undefined, searchPath: '', cacheDirectory: '/dev/null/cache' };
const machine = (platform: NodeJS.Platform, arch: NodeJS.Architecture, programs: string[] = []): Machine => ({
  platform,
  arch,
  homeDirectory: '/home/kiwi',
  isProgram: (path) => Promise.resolve(programs.includes(path)),
});

describe('the browser to render with', () => {
  test('is the configured one, even if others are installed', async () => {
    const here = machine('linux', 'x64', ['/opt/shell', '/usr/bin/chromium']);
    const options = { ...nowhere, path: '/opt/shell', searchPath: '/usr/bin' };
    expect(await findChromium(options, here)).toEqual({ path: '/opt/shell' });
  });

  test.each<[string, Machine, string]>([
    [
      'the headless shell, in whichever folder',
      machine('linux', 'arm64', ['/usr/bin/google-chrome', '/opt/bin/chromium-headless-shell']),
      '/opt/bin/chromium-headless-shell',
    ],
    ['Chromium on Linux arm64', machine('linux', 'arm64', ['/usr/bin/chromium']), '/usr/bin/chromium'],
    [
      'chromium-browser when no browser is bundled',
      machine('linux', 'arm64', ['/usr/bin/chromium-browser']),
      '/usr/bin/chromium-browser',
    ],
    [
      'Edge when the bundled browser cannot be unpacked',
      machine('linux', 'x64', ['/usr/bin/microsoft-edge']),
      '/usr/bin/microsoft-edge',
    ],
    [
      'Chrome on macOS',
      machine('darwin', 'arm64', ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']),
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    [
      "Chromium in a user's own applications",
      machine('darwin', 'x64', ['/home/kiwi/Applications/Chromium.app/Contents/MacOS/Chromium']),
      '/home/kiwi/Applications/Chromium.app/Contents/MacOS/Chromium',
    ],
  ])('is %s', async (_which, here, path) => {
    expect(await findChromium({ ...nowhere, searchPath: '/usr/bin:/opt/bin' }, here)).toEqual({ path });
  });
});

describe('without a browser the error', () => {
  test('says which variable sets the cache folder when it cannot be created', async () => {
    await expect(findChromium(nowhere, machine('linux', 'x64'))).rejects.toThrow(
      /cannot be unpacked: .*\/dev\/null\/cache.*CHROMIUM_CACHE_DIRECTORY/,
    );
  });

  test('says how to get one when the configured path is not a program', async () => {
    const path = '/dev/null';
    await expect(findChromium({ ...nowhere, path }, machine('linux', 'x64'))).rejects.toThrow(
      /CHROMIUM_PATH: \/dev\/null is not .*npm install.*apt-get install/,
    );
    await expect(findChromium({ ...nowhere, path })).rejects.toThrow(/CHROMIUM_PATH: \/dev\/null is not /);
  });

  test.each<[NodeJS.Platform, NodeJS.Architecture, RegExp]>([
    ['linux', 'arm64', /not found: .* linux arm64\. Install .*"apt-get install chromium-headless-shell"/],
    ['darwin', 'arm64', /not found: .* darwin arm64\. Install .*"brew install --cask google-chrome", or set/],
    ['win32', 'x64', /not found: .* win32 x64\. Install Chrome or Chromium, or set CHROMIUM_PATH/],
  ])('says what to install on %s %s', async (platform, arch, message) => {
    await expect(findChromium(nowhere, machine(platform, arch))).rejects.toThrow(message);
  });

  test('offers no npm package where it holds no browser', async () => {
    await expect(findChromium(nowhere, machine('linux', 'arm64'))).rejects.not.toThrow(/npm install/);
  });
});
