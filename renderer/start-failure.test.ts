import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startFailure } from './start-failure.ts';

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
  [{ TASK_COUNT: 'many', PORT: '99999' }, /^Cannot start: .* wrong:\n {2}TASK_COUNT: .*\n {2}PORT: .*\n$/],
  [{ CHROMIUM_PATH: '/nowhere' }, /^Cannot start: CHROMIUM_PATH: \/nowhere is not .*\n$/],
  [{ HOST: '192.0.2.1' }, /^Cannot start: listen .* Set HOST and PORT to where it may listen\.\n$/],
  [{ TMPDIR: '/nowhere' }, /^Cannot start: .*'\/nowhere'\. Set TMPDIR .*\n$/],
])(
  'a start with %o fails in plain words',
  async (environment, words) => {
    expect(await failedStart(environment)).toEqual({ code: 1, text: expect.stringMatching(words) });
  },
  60_000,
);

test('a fault of our own is told with where it is', () => {
  expect(startFailure(new TypeError('x is undefined'))).toMatch(/x is undefined\n +at /);
});
