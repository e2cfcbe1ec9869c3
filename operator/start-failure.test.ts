import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startFailure } from '../service/start.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

/** Starts an operator that cannot start, in an environment of nothing else. */
function start(environment: Record<string, string>): { status: number | null; stderr: string } {
  const env = { HOME: '/nonexistent', ...environment };
  const { status, stderr } = spawnSync(process.execPath, [MAIN], { env, encoding: 'utf8', timeout: 20_000 });
  return { status, stderr };
}

test('names the invalid variables, without a stack trace', () => {
  const { status, stderr } = start({ PORT: 'http', LOG_LEVEL: 'loud' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Cannot start: [\s\S]*PORT: [\s\S]*LOG_LEVEL: /);
  expect(stderr).not.toMatch(/\n\s+at /);
}, 30_000);

test('says that no cluster is configured', () => {
  expect(start({})).toEqual({ status: 1, stderr: expect.stringMatching(/^Cannot start: .*set KUBECONFIG/) });
  expect(start({ KUBECONFIG: '/nonexistent/config' }).stderr).toMatch(/^Cannot start: KUBECONFIG cannot/);
}, 50_000);

test('only bugs have a stack trace', () => {
  const taken = Object.assign(new Error('listen EADDRINUSE: 127.0.0.1:8080'), { syscall: 'listen' });
  expect(startFailure(taken)).toMatch(/127\.0\.0\.1:8080.*HOST and PORT/);
  expect(startFailure(new TypeError('x is undefined'))).toMatch(/x is undefined\n +at /);
});
