import { join } from 'node:path';
import type { Logger } from 'pino';
import { watchAuthorization } from './auth/token-file.ts';
import type { QueueConfig } from './config.ts';
import { createQueueApp } from './app.ts';
import { openRedisStore } from './store/redis/store.ts';
import { openSqliteStore } from './store/sqlite/store.ts';

export interface OpenQueueOptions {
  version: string;
  /** For the store and the file of tokens. */
  logger: Logger;
  /** For the requests; the same unless given. */
  requestLogger?: Logger;
}

/**
 * Opens the queue service that a configuration describes, with its store and its tokens; it does not listen yet. Its `close`
 * lets open requests finish.
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
