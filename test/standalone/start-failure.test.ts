import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

jest.setTimeout(240_000);

let folder: string;
let taken: Server;
let port: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderfleet-start-'));
  taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  ({ port } = taken.address() as AddressInfo);
});
afterEach(async () => {
  taken.close();
  await rm(folder, { recursive: true });
});

/** Runs a service that cannot start, and resolves to its exit code and standard error. */
const failing = (main: string, environment: Record<string, string>) =>
  new Promise<[number, string]>((resolve) => {
    const env = {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIRECTORY: folder,
      ...environment,
    };
    execFile(
      process.execPath,
      [main],
      { env, timeout: 60_000, killSignal: 'SIGKILL' },
      (error, _stdout, stderr) => {
        resolve([Number(error?.code), stderr]);
      },
    );
  });

test.each(['queue/main.ts', 'standalone/main.ts'])(
  '%s says why it cannot start, and nothing else',
  async (main) => {
    expect(await failing(main, {})).toEqual([
      1,
      `Cannot start: port ${port} of 127.0.0.1 is in use by another process. Stop that process, or set PORT to another port.\n`,
    ]);
    expect(await failing(main, { DATA_DIRECTORY: '/proc/renderfleet/data' })).toEqual([
      1,
      expect.stringMatching(/^Cannot start: .*'\/proc\/renderfleet'.*DATA_DIRECTORY.*\n$/),
    ]);
    expect(await failing(main, { QUEUE_INT64: 'x', PORT: '-1' })).toEqual([
      1,
      expect.stringMatching(/^Cannot start: [^]*PORT: [^]*QUEUE_INT64: [^\n]*\n$/),
    ]);
  },
);
