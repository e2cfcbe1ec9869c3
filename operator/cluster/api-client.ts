import pLimit, { type LimitFunction } from 'p-limit';
import { request, type Dispatcher } from 'undici';
import { retry } from '../../service/backoff.ts';
import { withDeadline } from '../../service/deadline.ts';
import type { KeptAliveKubeConfig } from './connection.ts';

/** Content types of a PATCH. Without one, the API server would assume a JSON patch. */
export const APPLY = 'application/apply-patch+yaml';
export const JSON_PATCH = 'application/json-patch+json';
export const MERGE_PATCH = 'application/merge-patch+json';

/** Attempts of a request that the API server throttles. */
const ATTEMPTS = 5;

/** Receives the status code of every response. */
export interface RequestObserver {
  onRequest(method: string, code: number): void;
}

export interface ApiRequest {
  query?: Record<string, string | number | boolean>;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal | undefined;
}

export interface ApiClientOptions {
  connection: KeptAliveKubeConfig;
  userAgent: string;
  observer?: RequestObserver | undefined;
  /** Concurrent requests at most; further ones queue. */
  concurrency?: number;
  /** Time limit of one request, in milliseconds. */
  timeoutMs?: number;
  /** Called before every write: throws if writing is not allowed, else returns a signal that aborts the write. */
  guardWrite?: (() => AbortSignal) | undefined;
}

/** JSON requests to the API server over kept-alive connections, with a limit on concurrency and on time. */
export class ApiClient {
  readonly #connection: KeptAliveKubeConfig;
  readonly #userAgent: string;
  readonly #observer: RequestObserver | undefined;
  readonly #limit: LimitFunction;
  readonly #timeoutMs: number;
  readonly #guardWrite: (() => AbortSignal) | undefined;

  constructor(options: ApiClientOptions) {
    const { connection, userAgent, observer, concurrency = 16, timeoutMs = 15_000, guardWrite } = options;
    this.#connection = connection;
    this.#userAgent = userAgent;
    this.#observer = observer;
    this.#limit = pLimit(concurrency);
    this.#timeoutMs = timeoutMs;
    this.#guardWrite = guardWrite;
  }

  /**
   * Sends one request and returns the object in the response, which is not checked against T.
   *
   * @throws ApiError for a response other than 2xx; an error of undici or the system if the server is unreachable; the
   * signal's reason if it is aborted before or during the request.
   */
  async request<T>(method: Dispatcher.HttpMethod, path: string, options: ApiRequest = {}): Promise<T> {
    // A throttled request keeps its slot while it waits, so that throttling reduces the concurrency.
    return this.#limit(() =>
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
    // Called last, so that nothing is awaited between the check and the write.
    if (this.#guardWrite && method !== 'GET') signals.push(this.#guardWrite());
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
    this.#observer?.onRequest(method, response.statusCode);
    if (response.statusCode < 300) return JSON.parse(text) as T;
    if (response.statusCode === 401) this.#connection.forgetCredentials();
    const retryAfter = response.headers['retry-after'];
    throw apiErrorOf(response.statusCode, text, typeof retryAfter === 'string' ? retryAfter : undefined);
  }
}

/** A response of the API server other than 2xx. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: number;
  /** The machine-readable reason of the Status object, such as Conflict or Expired. */
  readonly reason: string;
  /** How long the server asks the client to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(code: number, reason: string, message: string, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether an error is an ApiError with that HTTP status. */
export function hasCode(error: unknown, code: number): boolean {
  return error instanceof ApiError && error.code === code;
}

/** The error for a response; `retryAfter` is the header of that name, in seconds. */
function apiErrorOf(code: number, body: string, retryAfter?: string): ApiError {
  const retryAfterMs = retryAfter === undefined ? undefined : Number(retryAfter) * 1000 || undefined;
  try {
    const { reason, message } = JSON.parse(body) as { reason?: string; message?: string };
    return new ApiError(code, reason ?? '', message ?? `HTTP ${code}`, retryAfterMs);
  } catch {
    return new ApiError(code, '', body.slice(0, 300) || `HTTP ${code}`, retryAfterMs);
  }
}
