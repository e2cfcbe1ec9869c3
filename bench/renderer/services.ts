import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueueClient } from '../../queue/client.ts';
import { freePort } from '../../test/harness/processes.ts';
import { NODE_FLAGS } from '../queue/servers.ts';
import { STATIC_DIRECTORY } from './workload.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The queue service, on Redis if it is installed, and renderers, each in its own process as on Kubernetes. */
export class Services implements AsyncDisposable {
  readonly client: QueueClient;
  readonly store: string;
  readonly #rootUrl: string;
  readonly #folder: string;
  readonly #children: ChildProcess[] = [];

  private constructor(rootUrl: string, folder: string, store: string) {
    this.#rootUrl = rootUrl;
    this.#folder = folder;
    this.store = store;
    this.client = new QueueClient({ rootUrl, project: 'bench', queue: 'render', connections: 32 });
  }

  static async start(): Promise<Services> {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    const [port, redisPort] = [await freePort(), await freePort()];
    const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
    const services = new Services(`http://127.0.0.1:${port}`, folder, hasRedis ? 'Redis' : 'SQLite');
    if (hasRedis) {
      const options = [
        '--port',
        String(redisPort),
        '--bind',
        '127.0.0.1',
        '--appendonly',
        'yes',
        '--save',
        '',
      ];
      services.#spawn('redis-server', [...options, '--dir', folder, '--maxmemory-policy', 'noeviction'], {});
    }
    services.#spawn(process.execPath, [...NODE_FLAGS, join(ROOT, 'queue', 'main.ts')], {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIRECTORY: folder,
      SHUTDOWN_DELAY_SECONDS: '0',
      ...(hasRedis && { REDIS_URL: `redis://127.0.0.1:${redisPort}` }),
    });
    while (!(await services.client.stats().catch(() => undefined))) await sleep(50);
    return services;
  }

  /** Starts a renderer. Resolves to the address of its liveness server, before it is ready. */
  async startRenderer(environment: Record<string, string> = {}): Promise<{ url: string; pid: number }> {
    const port = await freePort();
    const child = this.#spawn(process.execPath, [...NODE_FLAGS, join(ROOT, 'renderer', 'main.ts')], {
      API_DISCOVERY_URL: `${this.#rootUrl}/api/{api}/{apiVersion}`,
      PROJECT_NAME: 'bench',
      QUEUE_NAME: 'render',
      STATIC_DIRECTORY,
      HOST: '127.0.0.1',
      PORT: String(port),
      LEASE_WAIT_SECONDS: '1',
      ...environment,
    });
    return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0 };
  }

  /** Deletes all results. Resolves to the size of each document in bytes and the time when the last was inserted. */
  async takeResults(): Promise<{ documents: number[]; lastAt: number }> {
    const documents: number[] = [];
    let lastAt = 0;
    for (;;) {
      const results = await this.client.lease({ numTasks: 100, leaseSecs: 60, tag: 'result' });
      if (results.length === 0) return { documents, lastAt };
      await Promise.all(results.map((result) => this.client.delete(result)));
      for (const { payloadBase64, enqueueTimestamp } of results) {
        lastAt = Math.max(lastAt, enqueueTimestamp / 1000);
        const { document } = JSON.parse(Buffer.from(payloadBase64, 'base64').toString()) as {
          document: string;
        };
        documents.push(Buffer.from(document, 'base64').length);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    for (const child of this.#children.reverse()) {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #spawn(program: string, args: string[], environment: Record<string, string>): ChildProcess {
    const env = { ...process.env, LOG_LEVEL: 'error', ...environment };
    const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    this.#children.push(child);
    return child;
  }
}

/** How many documents a renderer has published; 0 until it is ready. */
export async function renderedBy(url: string): Promise<number> {
  const metrics = await fetch(`${url}/metrics`).then(
    (response) => response.text(),
    () => '',
  );
  return Number(/tasks_total\{outcome="document"\} (\d+)/.exec(metrics)?.[1] ?? 0);
}
