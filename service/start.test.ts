import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { startFailure } from './start.ts';

const hints = [
  { syscall: 'mkdir', advice: 'Set DATA_DIRECTORY to a writable folder.' },
  { code: 'ERR_SQLITE_ERROR', advice: 'Set DATA_DIRECTORY to a writable folder.' },
];

describe('a failed start', () => {
  test('because of a port in use names the port and its variable', () => {
    const error = Object.assign(new Error('listen EADDRINUSE'), {
      ...{ code: 'EADDRINUSE', syscall: 'listen', address: '127.0.0.1', port: 8080 },
    });
    expect(startFailure(error)).toMatch(/^Cannot start: port 8080 of 127\.0\.0\.1 is in use .*PORT/);
  });

  test('because of an address that this machine does not have names the variables of the address', () => {
    const error = Object.assign(new Error('listen EADDRNOTAVAIL: 192.0.2.1'), { syscall: 'listen' });
    expect(startFailure(error)).toBe(
      'Cannot start: listen EADDRNOTAVAIL: 192.0.2.1. Set HOST and PORT to an address of this machine.',
    );
  });

  test('takes the advice of a hint for its system call or its code', () => {
    const mkdir = Object.assign(new Error("EACCES: permission denied, mkdir '/data'"), { syscall: 'mkdir' });
    const sqlite = Object.assign(new Error('unable to open database file'), { code: 'ERR_SQLITE_ERROR' });
    for (const error of [mkdir, sqlite]) {
      expect(startFailure(error, hints)).toBe(
        `Cannot start: ${error.message}. Set DATA_DIRECTORY to a writable folder.`,
      );
      expect(startFailure(error)).toBe(`Cannot start: ${error.message}`);
    }
  });

  test('has a stack trace only if the cause is a bug', () => {
    expect(startFailure(new Error('Invalid configuration'))).toBe('Cannot start: Invalid configuration');
    expect(startFailure(new TypeError('x is undefined'))).toMatch(/x is undefined\n +at /);
    expect(startFailure('no')).toBe('Cannot start: no');
  });
});

describe('a process', () => {
  const start = join(import.meta.dirname, 'start.ts');

  /** Runs a script beside start.ts that stays alive by itself. */
  function runScript(script: string) {
    const source = `import { onShutdown, run } from ${JSON.stringify(start)};\nsetInterval(() => undefined, 1000);\n${script}`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
      cwd: import.meta.dirname,
    });
    const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
      ([[code], stdout, stderr]) => ({ code: code as number | null, stdout, stderr }),
    );
    return { child, ended };
  }
  const wiring =
    "onShutdown({ logger: { fatal: (_, m) => console.log('fatal', m), info: (_, m) => console.log('info', m), error: console.log }, milliseconds: 5000 }, async (failed) => console.log({ failed }));";

  test('whose start fails exits with code 1 and one line', async () => {
    const { ended } = runScript("await run(async () => { throw new Error('no browser') });");
    await expect(ended).resolves.toEqual({ code: 1, stdout: '', stderr: 'Cannot start: no browser\n' });
  });

  test('stops and exits after a signal', async () => {
    const { child, ended } = runScript(`${wiring}\nprocess.kill(process.pid, 'SIGTERM');`);
    await expect(ended).resolves.toEqual({
      code: 0,
      stdout: 'info shutting down\n{ failed: false }\n',
      stderr: '',
    });
    expect(child.signalCode).toBeNull();
  });

  test('stops and exits with code 1 after an uncaught exception', async () => {
    const { ended } = runScript(`${wiring}\nsetTimeout(() => { throw new Error('bug'); }, 0);`);
    await expect(ended).resolves.toMatchObject({
      code: 1,
      stdout: 'fatal uncaught exception, shutting down\n{ failed: true }\n',
    });
  });
});
