import { Watch } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { exponentialBackoff, pause } from '../../service/backoff.ts';
import { ApiError, hasCode, type ApiClient } from './api-client.ts';
import type { KeptAliveKubeConfig } from './connection.ts';
import { collectionPath, trimmed, type ObjectKind } from './objects.ts';
import type { Store, Stored } from './store.ts';

/** Objects per page of a list. */
const PAGE = 200;
/** A watch lasts this long, and up to twice as long, in seconds, so that not all of them end at once. */
const WATCH_SECONDS = 300;
/** The API server sends a bookmark every minute. A watch that is silent for longer than this is dead, in milliseconds. */
export const SILENCE_MS = 100_000;
const BACKOFF = { firstMs: 250, mostMs: 15_000, jitter: 0.5 };

export interface ReflectorOptions<T extends Stored> {
  connection: KeptAliveKubeConfig;
  client: ApiClient;
  kind: ObjectKind;
  /** Undefined: all namespaces. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  store: Store<T>;
  logger: Logger;
  random?: () => number;
  /** A clock in milliseconds. */
  now?: (() => number) | undefined;
}

interface ListPage<T> {
  metadata: { resourceVersion: string; continue?: string };
  items: T[];
}

/**
 * Keeps a store in sync with a collection on the API server: lists it in pages, then watches it, each watch from where the
 * previous one ended. An expired resource version (410) leads to a new list, any other failure to a retry with jittered
 * exponential backoff. It never gives up.
 */
export class Reflector<T extends Stored> {
  readonly #options: ReflectorOptions<T>;
  readonly #path: string;
  #resourceVersion: string | undefined;
  #failures = 0;
  readonly #now: () => number;
  readonly #waitMs: (failures: number) => number;
  #progressAt: number;
  #synced = false;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#progressAt = this.#now();
    this.#waitMs = exponentialBackoff({ ...BACKOFF, random: options.random ?? Math.random });
    this.#path = collectionPath(options.kind, options.namespace);
  }

  get name(): string {
    return this.#path;
  }

  /** Whether the collection has been listed once. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Milliseconds since the API server last sent an event, a bookmark or a page, or opened a watch. Failed attempts do not count. */
  get sinceProgressMs(): number {
    return this.#now() - this.#progressAt;
  }

  /** Runs until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const started = performance.now();
      try {
        this.#resourceVersion ??= await this.#list(signal);
        await this.#watch(this.#resourceVersion, signal);
        // Avoids a tight loop if the server ends every watch immediately.
        if (performance.now() - started < 1000) await this.#backOff(signal);
      } catch (error) {
        if (hasCode(error, 410)) this.#resourceVersion = undefined;
        if (!stopped(signal))
          this.#options.logger.warn({ err: error, collection: this.#path }, 'watch failed, retrying');
        await this.#backOff(signal);
      }
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { client, store, labelSelector, namespace } = this.#options;
    const items: T[] = [];
    let next = '';
    for (;;) {
      const query = { limit: PAGE, ...(next && { continue: next }), ...(labelSelector && { labelSelector }) };
      const page = await client.request<ListPage<T>>('GET', this.#path, { query, signal });
      for (const item of page.items) items.push(trimmed(item));
      this.#progressAt = this.#now();
      next = page.metadata.continue ?? '';
      if (next) continue;
      store.replace(items, ({ metadata }) => namespace === undefined || metadata.namespace === namespace);
      this.#synced = true;
      this.#failures = 0;
      return page.metadata.resourceVersion;
    }
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { connection, labelSelector, random = Math.random } = this.#options;
    // The library would end a watch after 30 s of silence, less than the time between two bookmarks.
    const watch = new Watch(connection);
    Object.assign(watch, { requestTimeoutMs: SILENCE_MS });
    const query = {
      resourceVersion,
      allowWatchBookmarks: true,
      timeoutSeconds: Math.round(WATCH_SECONDS * (1 + random())),
      ...(labelSelector && { labelSelector }),
    };
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    // The library swallows exceptions of its callback, so an error ends the watch from here.
    const onEvent = (type: string, object: T) => {
      try {
        this.#handle(type, object);
      } catch (error) {
        reject(asApiError(error));
      }
    };
    let failed = false;
    const stop = () => {
      resolve(undefined);
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const watching = watch.watch(this.#path, query, onEvent, (error: unknown) => {
      failed = Boolean(error);
      if (error) reject(asApiError(error));
      else resolve(undefined);
    });
    const opened = async () => {
      await watching;
      if (!failed) this.#progressAt = this.#now();
      await promise;
    };
    try {
      // A server that accepts the connection but never responds must not block the shutdown.
      await Promise.race([promise, opened()]);
    } finally {
      signal.removeEventListener('abort', stop);
      void watching.then(
        (controller) => {
          controller.abort();
        },
        () => undefined,
      );
    }
  }

  #handle(type: string, object: T): void {
    this.#progressAt = this.#now();
    const { store } = this.#options;
    switch (type) {
      case 'ERROR': {
        const { code, reason, message } = object as unknown as {
          code: number;
          reason: string;
          message: string;
        };
        throw new ApiError(code, reason, message);
      }
      case 'BOOKMARK':
        break;
      case 'DELETED':
        store.delete(object);
        break;
      default:
        store.put(trimmed(object));
    }
    this.#failures = 0;
    this.#resourceVersion = object.metadata.resourceVersion;
  }

  async #backOff(signal: AbortSignal): Promise<void> {
    await pause(this.#waitMs(++this.#failures), signal);
  }
}

/** A function, because the compiler assumes that `aborted` cannot change between two checks. */
function stopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The library reports the status of a refused watch as a property of a plain error. */
function asApiError(error: unknown): Error {
  const { statusCode, message } = error as { statusCode?: number; message: string };
  return statusCode === undefined && error instanceof Error
    ? error
    : new ApiError(statusCode ?? 0, '', message);
}
