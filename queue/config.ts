import { z } from 'zod';
import {
  flag,
  readEnvironment,
  serviceConfig,
  serviceEnvironment,
  wholeNumber,
  type Environment,
  type ServiceConfig,
} from '../service/environment.ts';
import type { StartHint } from '../service/start.ts';
import type { QueueSettings } from './http/settings.ts';
import { redisEnvironment, redisSettings } from './redis-config.ts';
import type { RedisSettings } from './store/redis/settings.ts';
import { isQueueReference } from './wire/contract.ts';

/** The configuration of the queue service; times in seconds. */
export interface QueueConfig extends ServiceConfig {
  trustProxy: boolean;
  settings: QueueSettings;
  /** Absent: a SQLite file in the data directory stores the tasks. */
  redis?: RedisSettings | undefined;
  dataDirectory: string;
  authFile?: string | undefined;
  /** How long `/readyz` answers 503 before the service stops listening. */
  shutdownDelaySeconds: number;
  /** How long open requests may take afterwards. */
  shutdownSeconds: number;
}

const list = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .pipe(
    z.array(
      z.string().refine(isQueueReference, { error: 'must be QUEUE or PROJECT/QUEUE, separated by commas' }),
    ),
  );

const attempts = z.string().transform((text, context) => {
  const pairs = text.split(',').map((pair) => /^\s*([\w.:/*-]+)\s*=\s*([1-9]\d{0,5})\s*$/.exec(pair));
  if (pairs.includes(null)) {
    context.addIssue({ code: 'custom', message: 'must be QUEUE=NUMBER pairs, separated by commas' });
    return z.NEVER;
  }
  return new Map(pairs.map((pair) => [pair?.[1] ?? '', Number(pair?.[2])]));
});

const variables = {
  ...serviceEnvironment,
  TRUST_PROXY: flag.default(false),
  DATA_DIRECTORY: z.string().default('./data'),
  QUEUES: list.optional(),
  QUEUE_MAX_ATTEMPTS: attempts.optional(),
  QUEUE_TOMBSTONE_SECONDS: wholeNumber(0, 30 * 86_400).default(0),
  QUEUE_INT64: z.enum(['number', 'string']).default('number'),
  QUEUE_AUTH_FILE: z.string().optional(),
  SHUTDOWN_DELAY_SECONDS: wholeNumber(0, 300).default(1),
  SHUTDOWN_SECONDS: wholeNumber(0, 600).default(20),
  ...redisEnvironment,
};

const DATA_DIRECTORY_ADVICE = 'Set DATA_DIRECTORY to a writable folder.';

/** What to do when the queue service cannot start. */
export const queueStartHints: readonly StartHint[] = [
  { syscall: 'mkdir', advice: DATA_DIRECTORY_ADVICE },
  { code: 'ERR_SQLITE_ERROR', advice: DATA_DIRECTORY_ADVICE },
];

/**
 * Reads the configuration of the queue service.
 *
 * @throws Error that names every invalid variable and what is allowed
 */
export function readConfig(environment: Environment = process.env): QueueConfig {
  const data = readEnvironment(variables, environment);
  return {
    ...serviceConfig(data),
    trustProxy: data.TRUST_PROXY,
    settings: {
      int64: data.QUEUE_INT64,
      tombstoneSeconds: data.QUEUE_TOMBSTONE_SECONDS,
      queues: data.QUEUES ?? [],
      maxAttempts: data.QUEUE_MAX_ATTEMPTS ?? new Map<string, number>(),
    },
    redis: redisSettings(data),
    dataDirectory: data.DATA_DIRECTORY,
    authFile: data.QUEUE_AUTH_FILE,
    shutdownDelaySeconds: data.SHUTDOWN_DELAY_SECONDS,
    shutdownSeconds: data.SHUTDOWN_SECONDS,
  };
}
