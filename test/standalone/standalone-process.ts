import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/processes.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EXIT_TIMEOUT_MS = 40_000;

/** What a process left behind. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What `npm start` runs, as a process with a data directory that outlives it. */
export class Standalone {
  readonly url: string;
  readonly folder: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async create(): Promise<Standalone> {
    return new Standalone(await mkdtemp(join(tmpdir(), 'renderfleet-standalone-')), await freePort());
  }

  /** Starts it and waits until the queue is ready. */
  async start(
    environment: Record<string, string> = {},
    [program, ...args]: readonly [string, ...string[]] = [process.execPath, 'standalone/main.ts'],
  ): Promise<void> {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...this.#environment, LOG_LEVEL: 'error', ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    this.#process = child;
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`It exited with ${child.exitCode}.`);
      expect((await fetch(`${this.url}/readyz`)).status).toBe(200);
    });
  }

  /** Stops it with a signal; resolves to its exit code, null when the signal killed it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exit = once(child, 'exit', { signal: AbortSignal.timeout(EXIT_TIMEOUT_MS) });
    child.kill(signal);
    const [code] = (await exit) as [number | null];
    return code;
  }

  /** Runs the client against it. */
  client(...argv: string[]): Promise<Ended> {
    return runClient(argv, { ...this.#environment, API_DISCOVERY_URL: `${this.url}/api/{api}/{apiVersion}` });
  }

  /** Kills what runs and removes the data. */
  async remove(): Promise<void> {
    await this.end('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  get #environment(): Record<string, string> {
    return { PORT: String(this.#port), DATA_DIRECTORY: join(this.folder, 'data') };
  }
}

/** Runs the client until it exits. */
export async function runClient(
  argv: string[],
  environment: Record<string, string> = {},
  cwd = ROOT,
): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, 'cli/main.ts'), ...argv], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString()));
  [ended.code] = (await once(child, 'close', { signal: AbortSignal.timeout(120_000) })) as [number | null];
  return ended;
}
