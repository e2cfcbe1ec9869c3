import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GenericContainer } from 'testcontainers';
import { Redis } from 'ioredis';
import { onPath } from '../capabilities.ts';
import { freePort } from '../processes.ts';

const START_MS = 30_000;

/** A Redis for a test file. */
export interface TestRedis {
  host: string;
  port: number;
  stop(): Promise<void>;
}

/** The Redis of REDIS_URL, otherwise a `redis-server`, otherwise a container. */
export async function openTestRedis(): Promise<TestRedis> {
  if (process.env.REDIS_URL) {
    const { hostname, port } = new URL(process.env.REDIS_URL);
    return { host: hostname, port: Number(port || 6379), stop: () => Promise.resolve() };
  }
  if (onPath('redis-server')) return RedisProcess.start();
  const container = await new GenericContainer('redis:7').withExposedPorts(6379).start();
  return {
    host: container.getHost(),
    port: container.getMappedPort(6379),
    stop: async () => {
      await container.stop();
    },
  };
}

/** A `redis-server` with an append-only file that can be killed and started again on the same port. */
export class RedisProcess implements TestRedis {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly #folder: string;
  readonly #options: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, options: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
  }

  /** @param options further options of the command line, such as `--maxmemory-policy`, `allkeys-lru` */
  static async start(options: readonly string[] = []): Promise<RedisProcess> {
    const server = new RedisProcess(await freePort(), await mkdtemp(join(tmpdir(), 'redis-')), options);
    await server.startAgain();
    return server;
  }

  /** Starts it with its earlier data; resolves when it answers. */
  async startAgain(): Promise<void> {
    const folder = ['--dir', this.#folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
    const listen = ['--bind', this.host, '--port', String(this.port), '--daemonize', 'no'];
    this.#process = spawn('redis-server', [...listen, ...folder, ...this.#options], { stdio: 'ignore' });
    const redis = new Redis({ host: this.host, port: this.port, lazyConnect: true, retryStrategy: () => 50 });
    redis.on('error', () => undefined);
    try {
      const deadline = Date.now() + START_MS;
      while ((await redis.ping().catch(() => undefined)) !== 'PONG') {
        if (Date.now() > deadline) throw new Error(`redis-server did not start on port ${this.port}`);
        await delay(50);
      }
    } finally {
      redis.disconnect();
    }
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Kills it, as a crash would. */
  async kill(): Promise<void> {
    const process = this.#process;
    if (process?.exitCode !== null || process.signalCode !== null) return;
    const exit = once(process, 'exit');
    process.kill('SIGKILL');
    await exit;
  }

  /** Suspends it: connections stay open and nothing is answered. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  /** Resumes it. */
  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
