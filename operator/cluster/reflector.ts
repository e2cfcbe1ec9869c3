import { Watch } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { exponentialBackoff, pause } from '../../service/backoff.ts';
import type { Store, Stored } from './store.ts';
import type { ApiClient } from './api-client.ts';
import { ApiError, hasCode } from './api-error.ts';
import type { KeptAliveKubeConfig } from './connection.ts';
import { collectionPath, type Resource } from './paths.ts';

/** Objects of one page of a list. */
const PAGE = 200;
/** A watch asks for this long, and up to twice as long, in seconds: so that not all end at once. */
const WATCH_SECONDS = 300;
/** The API server sends a bookmark a minute; a watch that is silent for longer than this, in ms, is dead. */
export const SILENCE_MS = 100_000;
const BACKOFF = { firstMs: 250, mostMs: 15_000, jitter: 0.5 };

export interface ReflectorOptions<T extends Stored> {
  connection: KeptAliveKubeConfig;
  client: ApiClient;
  resource: Resource;
  /** One namespace; undefined: all of them. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  store: Store<T>;
  /** Makes of an object what is kept of it. */
  keep: (object: T) => T;
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
 * Keeps a store the same as a collection of the API server: a list in pages, then watches, each from where the last one
 * ended. An expired resource version (410) leads to a new list, everything else to another try after a growing, jittered
 * wait; it never gives up.
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
    this.#path = collectionPath(options.resource, options.namespace);
  }

  get name(): string {
    return this.#path;
  }

  /** Whether the store has held the whole collection once. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Milliseconds since the API server last gave an event, a bookmark, a page of a list or a new watch; tries do not count. */
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
        // A server that ends every watch at once is not to be asked in a tight loop.
        if (performance.now() - started < 1000) await this.#backOff(signal);
      } catch (error) {
        if (hasCode(error, 410)) this.#resourceVersion = undefined;
        if (!stopped(signal))
          this.#options.logger.warn({ err: error, collection: this.#path }, 'watching failed; trying again');
        await this.#backOff(signal);
      }
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { client, store, keep, labelSelector, namespace } = this.#options;
    const items: T[] = [];
    let next = '';
    for (;;) {
      const query = { limit: PAGE, ...(next && { continue: next }), ...(labelSelector && { labelSelector }) };
      const page = await client.request<ListPage<T>>('GET', this.#path, { query, signal });
      for (const item of page.items) items.push(keep(item));
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
    // The library would end a watch after 30 s of silence, which is less than there is between two bookmarks.
    const watch = new Watch(connection);
    Object.assign(watch, { requestTimeoutMs: SILENCE_MS });
    const query = {
      resourceVersion,
      allowWatchBookmarks: true,
      timeoutSeconds: Math.round(WATCH_SECONDS * (1 + random())),
      ...(labelSelector && { labelSelector }),
    };
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    // The library swallows what its callback throws, so a fault ends the watch from here.
    const onEvent = (type: string, object: T) => {
      try {
        this.#take(type, object);
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
      // A server that accepts the connection and says nothing must not hold up a stop.
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

  #take(type: string, object: T): void {
    this.#progressAt = this.#now();
    const { store, keep } = this.#options;
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
        store.put(keep(object));
    }
    this.#failures = 0;
    this.#resourceVersion = object.metadata.resourceVersion;
  }

  async #backOff(signal: AbortSignal): Promise<void> {
    await pause(this.#waitMs(++this.#failures), signal);
  }
}

/** Asked anew after every wait, which the compiler cannot know. */
function stopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The library tells the status of a refused watch as a property of a plain error. */
function asApiError(error: unknown): Error {
  const { statusCode, message } = error as { statusCode?: number; message: string };
  return statusCode === undefined && error instanceof Error
    ? error
    : new ApiError(statusCode ?? 0, '', message);
}
