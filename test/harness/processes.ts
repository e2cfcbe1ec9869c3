import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A program that can be stopped and started again with the same arguments; its output goes to a file. */
export class Program {
  readonly #name: string;
  readonly #command: string;
  readonly #args: string[];
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #process: ChildProcess | undefined;

  /** @param folder where its log goes */
  constructor(command: string, args: string[], folder: string, env: NodeJS.ProcessEnv = process.env) {
    this.#name = command.split('/').at(-1) ?? command;
    this.#command = command;
    this.#args = args;
    this.#folder = folder;
    this.#env = env;
  }

  get running(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  start(): void {
    if (this.running) return;
    const log = createWriteStream(join(this.#folder, `${this.#name}.log`), { flags: 'a' });
    const process = spawn(this.#command, this.#args, { stdio: ['ignore', 'pipe', 'pipe'], env: this.#env });
    process.stdout.pipe(log, { end: false });
    process.stderr.pipe(log, { end: false });
    process.on('error', (error) => log.write(`${error.message}\n`));
    this.#process = process;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Ends it, by force when it takes longer than ten seconds or when asked to. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const process = this.#process;
    if (!process || !this.running) return;
    const ended = once(process, 'exit');
    process.kill(signal);
    const force = setTimeout(() => process.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(force);
  }
}
