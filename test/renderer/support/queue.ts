import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueClient } from '../../../queue/client.ts';
import type { Task } from '../../../queue/wire/contract.ts';
import { resultIdOf } from '../../../queue/wire/render.ts';
import { freePort } from '../../harness/processes.ts';
import type { TestPayload } from './composer.ts';
import { until } from './until.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'queue', 'main.ts');

export interface Result {
  kind: string;
  success: boolean;
  filename: string | null;
  document: string | null;
  url?: string;
  error?: string;
}

/** The queue service as a process of its own, on its embedded store. */
export class QueueProcess {
  readonly client: QueueClient;
  /** The environment variables by which a renderer finds the queue. */
  readonly environment: Record<string, string>;
  readonly #port: number;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    const rootUrl = `http://127.0.0.1:${port}`;
    this.#port = port;
    this.#folder = folder;
    this.client = new QueueClient({ rootUrl, project: 'test', queue: 'render' });
    this.environment = {
      API_DISCOVERY_URL: `${rootUrl}/api/{api}/{apiVersion}`,
      PROJECT_NAME: 'test',
      QUEUE_NAME: 'render',
    };
  }

  static async start(): Promise<QueueProcess> {
    const queue = new QueueProcess(await freePort(), await mkdtemp(join(tmpdir(), 'queue-')));
    await queue.resume();
    return queue;
  }

  /** Starts the service again after `interrupt`, with all its tasks. */
  async resume(): Promise<void> {
    this.#child = spawn(process.execPath, [MAIN], {
      env: {
        ...process.env,
        HOST: '127.0.0.1',
        PORT: String(this.#port),
        DATA_DIRECTORY: this.#folder,
        LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await until('the queue answers', () => this.client.list().catch(() => undefined));
  }

  async interrupt(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Stops the service from answering, without closing its connections. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  async stop(): Promise<void> {
    await this.interrupt();
    await this.client.close();
    await rm(this.#folder, { recursive: true });
  }

  async add(id: string, payload: TestPayload): Promise<void> {
    await this.client.insert({ id, tag: 'task', payload: JSON.stringify(payload) });
  }

  /** The result of a task, once the task has been deleted. */
  async result(taskId: string, milliseconds?: number): Promise<Result> {
    const task = await until(`the result of ${taskId}`, () => this.find(resultIdOf(taskId)), milliseconds);
    await until(`the end of ${taskId}`, async () => (await this.find(taskId)) === undefined);
    return JSON.parse(Buffer.from(task.payloadBase64, 'base64').toString()) as Result;
  }

  async find(id: string): Promise<Task | undefined> {
    return this.client.get(id).catch(() => undefined);
  }
}
