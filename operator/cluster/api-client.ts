import { request, type Dispatcher } from 'undici';
import { retry } from '../../service/backoff.ts';
import { withDeadline } from '../../service/deadline.ts';
import type { ApiMetrics } from '../metrics.ts';
import { apiErrorOf, hasCode, type ApiError } from './api-error.ts';
import type { KeptAliveKubeConfig } from './connection.ts';
import { Semaphore } from './semaphore.ts';

/** Content types of a PATCH; without one, the API server would take a JSON patch. */
export const APPLY = 'application/apply-patch+yaml';
export const JSON_PATCH = 'application/json-patch+json';
export const MERGE_PATCH = 'application/merge-patch+json';

/** Tries of a request that the API server refuses because it has too much to do. */
const ATTEMPTS = 5;

export interface ApiRequest {
  query?: Record<string, string | number | boolean>;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal | undefined;
}

export interface ApiClientOptions {
  connection: KeptAliveKubeConfig;
  userAgent: string;
  metrics?: ApiMetrics | undefined;
  /** Requests under way at most; more wait their turn. */
  concurrency?: number;
  /** How long one request may take, in milliseconds. */
  timeoutMs?: number;
  /** Asked before every write: throws when none is allowed, else gives a signal that ends those under way. */
  mayWrite?: (() => AbortSignal) | undefined;
}

/** JSON requests to the API server over kept connections, a bounded number at a time, each with a time limit. */
export class ApiClient {
  readonly #connection: KeptAliveKubeConfig;
  readonly #userAgent: string;
  readonly #metrics: ApiMetrics | undefined;
  readonly #turn: Semaphore;
  readonly #timeoutMs: number;
  readonly #mayWrite: (() => AbortSignal) | undefined;

  constructor(options: ApiClientOptions) {
    const { connection, userAgent, metrics, concurrency = 16, timeoutMs = 15_000, mayWrite } = options;
    this.#connection = connection;
    this.#userAgent = userAgent;
    this.#metrics = metrics;
    this.#turn = new Semaphore(concurrency);
    this.#timeoutMs = timeoutMs;
    this.#mayWrite = mayWrite;
  }

  /**
   * Sends one request and returns the object of the answer, which is not checked against T.
   *
   * @throws ApiError for an answer other than 2xx; undici's or the system's error when the server cannot be reached; the
   * signal's reason when it was aborted, before the request was sent or while it was under way.
   */
  async request<T>(method: Dispatcher.HttpMethod, path: string, options: ApiRequest = {}): Promise<T> {
    // A throttled request keeps its turn while it waits, so that the fewer are sent the more are refused.
    return this.#turn.run(() =>
      retry(() => this.#send<T>(method, path, options), {
        attempts: ATTEMPTS,
        backoff: (_failures, error) => ((error as ApiError).retryAfterMs ?? 1000) * (0.5 + Math.random()),
        isTransient: (error) => hasCode(error, 429),
        signals: options.signal ? [options.signal] : [],
      }),
    );
  }

  async #send<T>(method: Dispatcher.HttpMethod, path: string, options: ApiRequest): Promise<T> {
    options.signal?.throwIfAborted();
    const { headers, dispatcher } = await this.#connection.credentials();
    const signals = options.signal ? [options.signal] : [];
    // Asked last, so that no wait lies between the answer and the write.
    if (this.#mayWrite && method !== 'GET') signals.push(this.#mayWrite());
    const [response, text] = await withDeadline(
      { milliseconds: this.#timeoutMs, signals },
      async (signal) => {
        const response = await request(this.#connection.urlOf(path), {
          method,
          query: options.query ?? {},
          headers: {
            ...headers,
            accept: 'application/json',
            'user-agent': this.#userAgent,
            ...(options.body !== undefined && { 'content-type': options.contentType ?? 'application/json' }),
          },
          body: options.body === undefined ? null : JSON.stringify(options.body),
          signal,
          ...(dispatcher && { dispatcher }),
        });
        return [response, await response.body.text()];
      },
    );
    this.#metrics?.onRequest(method, response.statusCode);
    if (response.statusCode < 300) return JSON.parse(text) as T;
    if (response.statusCode === 401) this.#connection.forgetCredentials();
    const retryAfter = response.headers['retry-after'];
    throw apiErrorOf(response.statusCode, text, typeof retryAfter === 'string' ? retryAfter : undefined);
  }
}
