import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { exponentialBackoff } from '../../../service/backoff.ts';
import { SCRIPTS } from './scripts/all.ts';
import type { RedisSettings } from './settings.ts';

const LONGEST_RETRY_MS = 1000;
const retryDelay = exponentialBackoff({ firstMs: 100, mostMs: LONGEST_RETRY_MS, jitter: 0.5 });

/** A connection to one server or to a cluster, with this project's scripts. */
export type RedisConnection = Redis | Cluster;

/**
 * Connects in the background and retries until it succeeds. Without a connection commands fail at once. No command is ever sent
 * twice, since nobody knows whether a lost one was executed.
 */
export function connect(settings: RedisSettings, name: string, logger: Logger): RedisConnection {
  const { address, sentinels, cluster, tls, database = 0, commandTimeoutMs = 3000 } = settings;
  const common: RedisOptions = {
    ...(settings.username !== undefined && { username: settings.username }),
    ...(settings.password !== undefined && { password: settings.password }),
    ...(tls && { tls }),
    connectionName: name,
    connectTimeout: 5000,
    commandTimeout: commandTimeoutMs,
    // A server that accepts commands but never answers counts as down.
    socketTimeout: commandTimeoutMs * 2,
    keepAlive: 10_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: retryDelay,
    // After a failover the old primary, now a replica, refuses writes: find the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  const connection = cluster
    ? new Cluster(cluster, {
        redisOptions: common,
        enableOfflineQueue: false,
        enableAutoPipelining: true,
        scripts: SCRIPTS,
        clusterRetryStrategy: retryDelay,
        slotsRefreshInterval: 10_000,
        ...(tls && {
          dnsLookup: (host, done) => {
            done(null, host);
          },
        }),
      })
    : new Redis({
        ...common,
        ...(sentinels
          ? {
              sentinels: sentinels.nodes,
              name: sentinels.name,
              ...(sentinels.password !== undefined && { sentinelPassword: sentinels.password }),
              ...(sentinels.tls && { sentinelTLS: sentinels.tls }),
              // Without it ioredis speaks plain text to the servers, despite `tls`.
              enableTLSForSentinelMode: tls !== undefined,
              sentinelRetryStrategy: retryDelay,
              failoverDetector: true,
            }
          : address),
        db: database,
        scripts: SCRIPTS,
      });
  report(connection, name, logger);
  return connection;
}

/** Logs each change of state once, and restarts a client that has given up, which ioredis never does by itself. */
function report(connection: RedisConnection, name: string, logger: Logger): void {
  let down = false;
  connection.on('error', (err: Error) => {
    failures.set(connection, err.message.slice(0, 300));
    if (!down) logger.warn({ err, connection: name }, 'Redis connection failed');
    down = true;
  });
  connection.on('ready', () => {
    logger.info({ connection: name }, 'Redis connected');
    failures.delete(connection);
    down = false;
  });
  connection.on('close', () => {
    if (!down && !closing.has(connection)) logger.warn({ connection: name }, 'Redis connection lost');
    down = true;
  });
  connection.on('end', () => {
    if (closing.has(connection)) return;
    logger.error({ connection: name }, 'Redis client gave up, restarting it');
    setTimeout(() => {
      if (!closing.has(connection)) connection.connect().catch(() => undefined);
    }, LONGEST_RETRY_MS).unref();
  });
}

const failures = new WeakMap<RedisConnection, string>();

/** Why a connection is down, in the words of the system or of Redis; absent while it is up. */
export function lastFailure(connection: RedisConnection): string | undefined {
  return failures.get(connection);
}

const closing = new WeakSet<RedisConnection>();

/** Closes a connection for good. */
export function disconnect(connection: RedisConnection): void {
  closing.add(connection);
  connection.disconnect();
}
