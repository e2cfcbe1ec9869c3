import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { freePort } from './processes.ts';

const MAIN = join(import.meta.dirname, '../../queue/main.ts');

/** The queue service in its own process, with SQLite in a temporary folder unless its environment names a Redis. */
export class QueueProcess {
  readonly port: number;
  readonly folder: string;
  readonly #environment: Record<string, string>;
  #process: ChildProcess | undefined;
  /** Its log output. */
  output = '';

  private constructor(port: number, folder: string, environment: Record<string, string>) {
    this.port = port;
    this.folder = folder;
    this.#environment = environment;
  }

  static async start(environment: Record<string, string> = {}): Promise<QueueProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'queue-'));
    const service = new QueueProcess(await freePort(), folder, environment);
    await service.startAgain();
    return service;
  }

  get rootUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it on the same port with its earlier data; resolves when it answers. */
  async startAgain(): Promise<void> {
    const { PATH, NODE_OPTIONS = '' } = process.env;
    this.#process = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH,
        NODE_OPTIONS: NODE_OPTIONS.replace('--experimental-vm-modules', ''),
        HOST: '127.0.0.1',
        PORT: String(this.port),
        DATA_DIRECTORY: this.folder,
        ...this.#environment,
      },
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    await eventually(() => fetch(`${this.rootUrl}/livez`));
  }

  /** Sends a signal and waits for the process to exit. @returns the exit code, or null after a signal that it does not handle */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    if (child?.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exit = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await exit)[0];
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}
