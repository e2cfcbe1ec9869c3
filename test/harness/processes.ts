import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Ports given out by this process, whether or not somebody listens on them already. */
const given = new Set<number>();

/**
 * A port on the loopback for a server that is started next. It lies below the ports that systems give to outgoing
 * connections (32768 on Linux), so that none of those takes it before the server does; Redis Cluster's bus, 10,000 above,
 * does so too.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(10_000, 20_000);
  if (given.has(port) || !(await isFree(port))) return freePort();
  given.add(port);
  return port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
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

  /** Stops it, by force when it takes longer than ten seconds. */
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
