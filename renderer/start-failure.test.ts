import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startFailure } from '../service/start.ts';
import { rendererStartHints } from './config.ts';

/** What the renderer says on standard error when it does not start, and its exit code. */
async function failedStart(environment: Record<string, string>): Promise<{ code: unknown; text: string }> {
  const env = { ...process.env, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'silent', ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, 'main.ts')], { env }, (error, _out, text) => {
      resolve({ code: error?.code, text });
    });
  });
}

test.each([
  [
    { TASK_COUNT: 'many', PORT: '99999' },
    /^Cannot start: Invalid configuration:\n {2}TASK_COUNT: .*\n {2}PORT: .*\n$/,
  ],
  [{ CHROMIUM_PATH: '/nowhere' }, /^Cannot start: CHROMIUM_PATH: \/nowhere is not .*\n$/],
  [{ HOST: '192.0.2.1' }, /^Cannot start: listen .* Set HOST and PORT to an address of this machine\.\n$/],
  [{ TMPDIR: '/nowhere' }, /^Cannot start: .*'\/nowhere'\. Set TMPDIR .*\n$/],
])(
  'a start with %o says what is wrong',
  async (environment, words) => {
    expect(await failedStart(environment)).toEqual({ code: 1, text: expect.stringMatching(words) });
  },
  60_000,
);

test('a bug has a stack trace', () => {
  expect(startFailure(new TypeError('x is undefined'), rendererStartHints)).toMatch(/x is undefined\n +at /);
});
