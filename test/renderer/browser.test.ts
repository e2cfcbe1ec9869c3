import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { findChromium } from '../../renderer/print/chromium/find.ts';
import { loadRendererConfig } from '../../renderer/config.ts';
import { descendants } from './support/processes.ts';
import { QueueProcess } from './support/queue.ts';
import { startRendererProcess, type RendererProcess } from './support/renderer-process.ts';
import { until } from './support/until.ts';

jest.setTimeout(120_000);

/** The user nobody, because Chromium has no sandbox for root. */
const OTHER_USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

describe('the browser of a renderer', () => {
  let queue: QueueProcess;
  let renderer: RendererProcess | undefined;
  let folder: string;

  beforeEach(async () => {
    queue = await QueueProcess.start();
    folder = await mkdtemp(join(tmpdir(), 'browser-test-'));
    await chmod(folder, 0o777);
  });
  afterEach(async () => {
    await renderer?.end('SIGTERM');
    renderer = undefined;
    await queue.stop();
    await rm(folder, { recursive: true });
  });

  test('makes /_ah/health answer 500 until it starts', async () => {
    const { path } = await findChromium(loadRendererConfig().chromium);
    const program = join(folder, 'browser');
    const install = (script: string) => writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await install('echo "no room in the machine" >&2; exit 1');
    renderer = await startRendererProcess({
      ...queue.environment,
      ...{ DAEMONS: '1', LEASE_WAIT_SECONDS: '1', CHROMIUM_PATH: program, LOG_LEVEL: 'silent' },
    });
    const { url } = renderer;
    const ask = async (path: string) => {
      const response = await fetch(url + path);
      return { code: response.status, reasons: ((await response.json()) as { reasons: string[] }).reasons };
    };
    await until('it has failed', async () => (await ask('/readyz')).reasons.join().includes('did not start'));
    expect((await ask('/readyz')).code).toBe(503);
    expect(await ask('/_ah/health')).toEqual({
      code: 500,
      reasons: [expect.stringContaining('Chromium did not start')],
    });
    await install(`exec '${path}' "$@"`);
    expect(await ask('/_ah/health')).toEqual({ code: 200, reasons: [] });
    await queue.add('first', {});
    expect((await queue.result('first')).success).toBe(true);
  });

  test('uses its sandbox where the kernel allows it; otherwise the log says why not', async () => {
    const environment = { HOME: folder, TMPDIR: folder, LEASE_WAIT_SECONDS: '1', LOG_LEVEL: 'warn' };
    renderer = await startRendererProcess({ ...queue.environment, ...environment, DAEMONS: '1' }, OTHER_USER);
    await queue.add('first', {});
    expect((await queue.result('first')).success).toBe(true);

    const warning = renderer
      .log()
      .split('\n')
      .find((line) => line.includes('Chromium runs without its sandbox'));
    const pages = descendants(renderer.pid).filter(({ command }) => command.includes('--type=renderer'));
    expect(pages.length).toBeGreaterThan(0);
    for (const { pid, command } of pages) {
      expect(command.includes('--no-sandbox')).toBe(warning !== undefined);
      // Mode 2: system calls pass a filter (proc_pid_status(5)).
      const filtered = /^Seccomp:\s+2$/m.test(await readFile(`/proc/${pid}/status`, 'utf8'));
      if (warning === undefined) expect(filtered).toBe(true);
    }
    const namespaces = spawnSync('unshare', ['--user', 'true'], OTHER_USER).status === 0;
    if (warning === undefined) expect(namespaces).toBe(true);
    else expect(JSON.parse(warning)).toMatchObject({ reason: expect.stringMatching(/\w/) });
  });
});
