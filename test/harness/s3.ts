import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onPath } from './capabilities.ts';
import { freePort } from './processes.ts';

const VERSION = 'v1.8.0';
const KEYS = { access: 'renderfleet', secret: 'renderfleet-secret' };

export interface S3Server {
  endpoint: string;
  /** A bucket that is there, as a folder. */
  bucket: string;
  folder: string;
  keys: { access: string; secret: string };
  stop(): Promise<void>;
}

/** Starts an S3 server that checks signatures (versitygw, from the PATH or built with Go once) on a free port. */
export async function startS3(): Promise<S3Server> {
  const program = await findProgram();
  const root = await mkdtemp(join(tmpdir(), 's3-'));
  const bucket = 'documents';
  await mkdir(join(root, bucket));
  const port = await freePort();
  const child = spawn(
    program,
    [
      '--quiet',
      '--port',
      `127.0.0.1:${port}`,
      '--access',
      KEYS.access,
      '--secret',
      KEYS.secret,
      'posix',
      root,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  await answering(endpoint, ended);
  return {
    endpoint,
    bucket,
    folder: join(root, bucket),
    keys: KEYS,
    stop: async () => {
      child.kill();
      await ended;
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function findProgram(): Promise<string> {
  if (onPath('versitygw')) return 'versitygw';
  const folder = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', `versitygw-${VERSION}`);
  const program = join(folder, 'versitygw');
  if (!existsSync(program)) {
    const source = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`;
    const env = { ...process.env, GOBIN: folder };
    await promisify(execFile)('go', ['install', source], { env, timeout: 500_000 });
  }
  return program;
}

async function answering(endpoint: string, ended: Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await Promise.race([fetch(endpoint).catch(() => undefined), ended.then(() => 'ended')]);
    if (answer === 'ended') throw new Error('The S3 server ended before it answered.');
    if (answer !== undefined) return;
    if (Date.now() > deadline) throw new Error('The S3 server did not answer within 30 s.');
    await sleep(50);
  }
}
