import { Pool, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { withDeadline } from '../service/deadline.ts';
import {
  errorEnvelopeSchema,
  etagOf,
  taskQueueSchema,
  taskSchema,
  tasksSchema,
  type QueueStats,
  type Task,
  type TaskQueue,
} from './wire/contract.ts';

export interface QueueClientOptions {
  /** The service's root, such as http://127.0.0.1:8080; a path in it is kept. */
  rootUrl: string;
  project: string;
  queue: string;
  /** Bearer token, when the service asks for one. */
  token?: string | undefined;
  /** How long one call may take, in milliseconds, besides what a lease waits; default 10,000. */
  timeoutMs?: number;
  /** Connections kept open at most; default 16. */
  connections?: number;
  /** Connections that several clients share, closed by their owner; then `connections` counts for nothing. */
  dispatcher?: Dispatcher;
}

export interface NewTask {
  payload: Uint8Array | string;
  id?: string;
  tag?: string;
}

export interface LeaseRequest {
  numTasks: number;
  leaseSecs: number;
  /** Only tasks of this tag. */
  tag?: string;
  /** How long the service holds the call open for a task to come, 0 to 30 s. */
  waitSecs?: number;
}

export interface StatsQuestion {
  /** Counts of this tag only; '' counts untagged tasks. */
  tag?: string;
  /** The total that the caller knows: the answer waits until it is another one. */
  unlike?: number;
  /** How long to wait for that, 0 to 30 s. */
  waitSecs?: number;
}

interface CallOptions {
  query?: Record<string, string | number | boolean>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

/** An answer of the queue service other than 2xx; `code` is the HTTP status. */
export class QueueError extends Error {
  override name = 'QueueError';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * A typed client of one queue of the queue service. Every call has a time limit and throws QueueError for a fault that
 * the service reports, and undici's or the system's error when it cannot be reached. Close it when done.
 */
export class QueueClient {
  readonly queue: string;
  readonly #dispatcher: Dispatcher;
  readonly #origin: string;
  readonly #ownsDispatcher: boolean;
  readonly #path: string;
  readonly #timeoutMs: number;
  readonly #headers: Record<string, string>;

  constructor(options: QueueClientOptions) {
    const { rootUrl, project, queue, token, timeoutMs = 10_000, connections = 16, dispatcher } = options;
    const root = new URL(rootUrl);
    this.queue = queue;
    this.#origin = root.origin;
    this.#ownsDispatcher = dispatcher === undefined;
    this.#dispatcher = dispatcher ?? new Pool(root.origin, { connections, connectTimeout: timeoutMs });
    this.#path = `${root.pathname.replace(/\/$/, '')}/taskqueue/v1beta2/projects/${encodeURIComponent(project)}/taskqueues/${encodeURIComponent(queue)}`;
    this.#timeoutMs = timeoutMs;
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** Puts a task in; with a taken id the service answers 400. */
  insert({ payload, id, tag }: NewTask, signal?: AbortSignal): Promise<Task> {
    const payloadBase64 = Buffer.from(payload).toString('base64');
    const body = { queueName: this.queue, payloadBase64, id, tag };
    return this.#read('POST', '/tasks', taskSchema, { body, signal });
  }

  /** The first 100 tasks, leased ones included, oldest ETA first. */
  async list(signal?: AbortSignal): Promise<Task[]> {
    return (await this.#read('GET', '/tasks', tasksSchema, { signal })).items;
  }

  /** Leases available tasks, oldest first; comes back empty when there is none within `waitSecs`. */
  async lease(
    { numTasks, leaseSecs, tag, waitSecs = 0 }: LeaseRequest,
    signal?: AbortSignal,
  ): Promise<Task[]> {
    const query = {
      numTasks,
      leaseSecs,
      ...(tag !== undefined && { groupByTag: true, tag }),
      ...(waitSecs > 0 && { waitSecs }),
    };
    const timeoutMs = this.#timeoutMs + waitSecs * 1000;
    return (await this.#read('POST', '/tasks/lease', tasksSchema, { query, signal, timeoutMs })).items;
  }

  /** One task, whoever holds it; 404 when there is none. */
  get(id: string, signal?: AbortSignal): Promise<Task> {
    return this.#read('GET', `/tasks/${encodeURIComponent(id)}`, taskSchema, { signal });
  }

  /**
   * Moves the end of a lease that the caller holds to `newLeaseSeconds` from now; 0 gives the task back at once.
   * 412 when somebody else has leased it since, 400 when the lease has expired.
   */
  renew(task: Task, newLeaseSeconds: number, signal?: AbortSignal): Promise<Task> {
    return this.#read('PATCH', `/tasks/${encodeURIComponent(task.id)}`, taskSchema, {
      query: { newLeaseSeconds },
      headers: { 'if-match': etagOf(task) },
      body: { queueName: this.queue },
      signal,
    });
  }

  /** Deletes a task; given a leased task, only while that lease is the newest (else 412); given an id, in any case. */
  async delete(task: Task | string, signal?: AbortSignal): Promise<void> {
    const [id, headers] = typeof task === 'string' ? [task, {}] : [task.id, { 'if-match': etagOf(task) }];
    await this.#call('DELETE', `/tasks/${encodeURIComponent(id)}`, { headers, signal });
  }

  /** The queue itself, with its counts. */
  stats(signal?: AbortSignal): Promise<TaskQueue> {
    return this.#read('GET', '', taskQueueSchema, { query: { getStats: true }, signal });
  }

  /**
   * Counts of the queue or of one tag, availableTasks and leasedTasks among them. With `unlike` and `waitSecs` the service
   * holds the call until the total is another one or the time is over, so that a watcher hears of a change at once without
   * polling: call it again with the total that it answered.
   */
  async statsOf({ tag, unlike, waitSecs = 0 }: StatsQuestion, signal?: AbortSignal): Promise<QueueStats> {
    const query = {
      getStats: true,
      ...(tag !== undefined && { tag }),
      ifTotalTasksNot: unlike ?? Number.MAX_SAFE_INTEGER,
      ...(waitSecs > 0 && unlike !== undefined && { waitSecs }),
    };
    const timeoutMs = this.#timeoutMs + waitSecs * 1000;
    const { stats } = await this.#read('GET', '', taskQueueSchema, { query, signal, timeoutMs });
    if (!stats) throw new Error('the service answered without stats');
    return stats;
  }

  /** Ends the open connections; calls still under way fail. */
  async close(): Promise<void> {
    if (this.#ownsDispatcher) await this.#dispatcher.destroy();
  }

  async #read<T>(method: string, path: string, schema: z.ZodType<T>, options: CallOptions): Promise<T> {
    return schema.parse(JSON.parse(await this.#call(method, path, options)));
  }

  async #call(method: string, path: string, options: CallOptions): Promise<string> {
    const { query = {}, body, headers, signal, timeoutMs = this.#timeoutMs } = options;
    const limit = { milliseconds: timeoutMs, signals: signal ? [signal] : [] };
    return withDeadline(limit, async (signal) => {
      const response = await this.#dispatcher.request({
        origin: this.#origin,
        method,
        path: this.#path + path,
        query,
        headers: {
          ...this.#headers,
          ...headers,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal,
      });
      const text = await response.body.text();
      if (response.statusCode >= 300) throw new QueueError(response.statusCode, faultMessage(text));
      return text;
    });
  }
}

function faultMessage(text: string): string {
  try {
    return errorEnvelopeSchema.parse(JSON.parse(text)).error.message;
  } catch {
    return text.slice(0, 200) || 'no message';
  }
}
