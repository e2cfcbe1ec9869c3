import { Pool, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { withDeadline } from '../service/deadline.ts';
import {
  etagOf,
  taskMetadataSchema,
  taskQueueSchema,
  taskSchema,
  tasksSchema,
  type QueueStats,
  type Task,
  type TaskMetadata,
  type TaskQueue,
} from './wire/contract.ts';
import { QueueError, queueErrorOf } from './wire/faults.ts';

export interface QueueClientOptions {
  /** The service's root, such as http://127.0.0.1:8080; a path in it is kept. */
  rootUrl: string;
  project: string;
  queue: string;
  /** Bearer token. A function is asked before each call, and after a 401 with the refused token for a newer one. */
  token?: string | ((refused?: string) => string | undefined) | undefined;
  /** How long one call may take, in milliseconds, in addition to its `waitSecs`; default 10,000. */
  timeoutMs?: number;
  /** Connections kept open at most; default 16. */
  connections?: number;
  /** Connections that several clients share, closed by their owner; `connections` is then ignored. */
  dispatcher?: Dispatcher;
}

/** A task to insert: its payload as bytes or text, which travels unencoded, or already encoded as base64. */
export type NewTask = ({ payload: Uint8Array | string } | { payloadBase64: string }) & {
  id?: string;
  tag?: string;
};

export interface LeaseRequest {
  numTasks: number;
  leaseSecs: number;
  /** Only tasks of this tag. */
  tag?: string;
  /** How long the service holds the call open until there is a task, 0 to 30 s. */
  waitSecs?: number;
}

export interface StatsQuestion {
  /** Counts of this tag only; '' counts untagged tasks. */
  tag?: string;
  /** The total that the caller knows: the answer waits until the total differs. */
  unlike?: number;
  /** How long to wait for that, 0 to 30 s. */
  waitSecs?: number;
}

interface CallOptions {
  query?: Record<string, string | number | boolean>;
  json?: object;
  /** A task's payload, sent unencoded to the upload address. */
  payload?: Uint8Array | string;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

/** For how long inserts go as JSON after the service refused an upload, before the next upload is tried. */
const NO_UPLOADS_MS = 60_000;

/** Asks for an answer without the payload, which the caller knows already. */
const MINIMAL = { prefer: 'return=minimal' };

/**
 * A typed client of one queue of the queue service. Every call has a time limit and throws QueueError for a fault that
 * the service reports, and undici's or the system's error when it cannot be reached. Close it when done.
 */
export class QueueClient {
  readonly queue: string;
  readonly #dispatcher: Dispatcher;
  readonly #origin: string;
  readonly #ownsDispatcher: boolean;
  readonly #root: string;
  readonly #path: string;
  readonly #timeoutMs: number;
  readonly #token: (refused?: string) => string | undefined;
  #uploadsAfter = -Infinity;

  constructor(options: QueueClientOptions) {
    const { rootUrl, project, queue, token, timeoutMs = 10_000, connections = 16, dispatcher } = options;
    const root = new URL(rootUrl);
    this.queue = queue;
    this.#origin = root.origin;
    this.#ownsDispatcher = dispatcher === undefined;
    this.#dispatcher = dispatcher ?? new Pool(root.origin, { connections, connectTimeout: timeoutMs });
    this.#root = root.pathname.replace(/\/$/, '');
    this.#path = `/taskqueue/v1beta2/projects/${encodeURIComponent(project)}/taskqueues/${encodeURIComponent(queue)}`;
    this.#timeoutMs = timeoutMs;
    this.#token = typeof token === 'function' ? token : () => token;
  }

  /** Inserts a task. Throws QueueError with reason taskNameTaken when the queue has a task of this id. */
  async insert(task: NewTask, signal?: AbortSignal): Promise<TaskMetadata> {
    const names = {
      ...(task.id !== undefined && { id: task.id }),
      ...(task.tag !== undefined && { tag: task.tag }),
    };
    const post = (options: CallOptions) =>
      this.#read('POST', '/tasks', taskMetadataSchema, { ...options, headers: MINIMAL, signal });
    if ('payload' in task && performance.now() >= this.#uploadsAfter) {
      try {
        return await post({ payload: task.payload, query: { uploadType: 'media', ...names } });
      } catch (error) {
        // During a rolling upgrade the service may be one of version 0.1.0, which takes no uploads.
        if (!(error instanceof QueueError) || error.reason !== 'notFound') throw error;
        this.#uploadsAfter = performance.now() + NO_UPLOADS_MS;
      }
    }
    const payloadBase64 =
      'payload' in task ? Buffer.from(task.payload).toString('base64') : task.payloadBase64;
    return post({ json: { queueName: this.queue, payloadBase64, ...names } });
  }

  /** The first 100 tasks, including leased ones, oldest ETA first. */
  async list(signal?: AbortSignal): Promise<Task[]> {
    return (await this.#read('GET', '/tasks', tasksSchema, { signal })).items;
  }

  /** Leases available tasks, oldest first; an empty list when none comes within `waitSecs`. */
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

  /** One task, leased or not. Throws QueueError with reason taskNotFound. */
  get(id: string, signal?: AbortSignal): Promise<Task> {
    return this.#read('GET', `/tasks/${encodeURIComponent(id)}`, taskSchema, { signal });
  }

  /**
   * Moves the end of a lease that the caller holds to `newLeaseSeconds` from now; 0 releases the task at once.
   * Throws QueueError with reason leaseSuperseded when the task has been leased or renewed since, leaseExpired when the
   * lease has ended, taskNotFound when the task has been deleted.
   */
  renew(task: TaskMetadata, newLeaseSeconds: number, signal?: AbortSignal): Promise<TaskMetadata> {
    return this.#read('PATCH', `/tasks/${encodeURIComponent(task.id)}`, taskMetadataSchema, {
      query: { newLeaseSeconds },
      headers: { ...MINIMAL, 'if-match': etagOf(task) },
      json: { queueName: this.queue },
      signal,
    });
  }

  /**
   * Deletes a task: given an id, in any case; given a leased task, only while that lease is the newest. Throws QueueError
   * with reason leaseSuperseded or taskNotFound otherwise.
   */
  async delete(task: TaskMetadata | string, signal?: AbortSignal): Promise<void> {
    const [id, headers] = typeof task === 'string' ? [task, {}] : [task.id, { 'if-match': etagOf(task) }];
    await this.#call('DELETE', `/tasks/${encodeURIComponent(id)}`, { headers, signal });
  }

  /** The queue with its counts. */
  stats(signal?: AbortSignal): Promise<TaskQueue> {
    return this.#read('GET', '', taskQueueSchema, { query: { getStats: true }, signal });
  }

  /**
   * Counts of the queue or of one tag, including availableTasks and leasedTasks. With `unlike` and `waitSecs` the service
   * holds the call until the total differs or the time is over, so that a watcher learns of a change at once without
   * polling: call it again with the total from the last answer.
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
    const token = this.#token();
    try {
      return await this.#send(method, path, options, token);
    } catch (error) {
      if (!(error instanceof QueueError) || error.code !== 401) throw error;
      const replaced = this.#token(token);
      if (replaced === token) throw error;
      return this.#send(method, path, options, replaced);
    }
  }

  async #send(method: string, path: string, options: CallOptions, token?: string): Promise<string> {
    const { query = {}, json, payload, headers, signal, timeoutMs = this.#timeoutMs } = options;
    const limit = { milliseconds: timeoutMs, signals: signal ? [signal] : [] };
    return withDeadline(limit, async (signal) => {
      const response = await this.#dispatcher.request({
        origin: this.#origin,
        method,
        path: `${this.#root}${payload === undefined ? '' : '/upload'}${this.#path}${path}`,
        query,
        headers: {
          ...headers,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(json && { 'content-type': 'application/json' }),
          ...(payload !== undefined && { 'content-type': 'application/octet-stream' }),
        },
        body: json ? JSON.stringify(json) : (payload ?? null),
        signal,
      });
      const text = await response.body.text();
      if (response.statusCode >= 300) throw queueErrorOf(response.statusCode, text);
      return text;
    });
  }
}
