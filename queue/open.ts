import { join } from 'node:path';
import type { Logger } from 'pino';
import { watchAuthorization } from './auth/token-file.ts';
import type { QueueConfig } from './config.ts';
import { createQueueApp } from './app.ts';
import { openRedisStore } from './store/redis/store.ts';
import { openSqliteStore } from './store/sqlite/store.ts';

export interface OpenQueueOptions {
  version: string;
  /** For the store and the token file. */
  logger: Logger;
  /** For requests; default: the same. */
  requestLogger?: Logger;
}

/**
 * Opens the queue service with its store and tokens as configured. It does not listen yet. `close` waits for open requests.
 */
export function openQueue(
  config: QueueConfig,
  { version, logger, requestLogger = logger }: OpenQueueOptions,
) {
  const store = config.redis
    ? openRedisStore(config.redis, logger)
    : openSqliteStore(join(config.dataDirectory, 'queue.sqlite'));
  const tokens = config.authFile === undefined ? undefined : watchAuthorization(config.authFile, logger);
  const { settings, trustProxy } = config;
  const app = createQueueApp({
    ...{ store, settings, version, trustProxy, logger: requestLogger },
    authorization: tokens?.authorization,
  });
  const close = async () => {
    await app.close();
    tokens?.close();
    await store.close();
  };
  return { app, close };
}
