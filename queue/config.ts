import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { authFileSchema, type AuthFile } from './auth/authorization.ts';
import type { QueueSettings } from './http/settings.ts';
import { redisEnvironment, redisSettings } from './redis-config.ts';
import type { RedisSettings } from './store/redis/settings.ts';

export interface QueueConfig {
  host: string;
  port: number;
  logLevel: string;
  trustProxy: boolean;
  settings: QueueSettings;
  /** Absent: tasks are kept in a SQLite file in the data directory. */
  redis?: RedisSettings | undefined;
  dataDirectory: string;
  authFile?: string | undefined;
  /** How long `/readyz` says no before the service stops listening. */
  shutdownDelaySeconds: number;
  /** How long open requests may take after that. */
  shutdownSeconds: number;
}

type Environment = Record<string, string | undefined>;

const list = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .pipe(
    z.array(
      z
        .string()
        .regex(/^([\w.:-]+\/)?[a-zA-Z0-9-]{1,100}$/, 'must be QUEUE or PROJECT/QUEUE, separated by commas'),
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

const seconds = (most: number) => z.coerce.number().int().min(0).max(most);

const environmentSchema = z.object({
  HOST: z.string().default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TRUST_PROXY: z.stringbool().default(false),
  DATA_DIRECTORY: z.string().default('./data'),
  QUEUES: list.optional(),
  QUEUE_MAX_ATTEMPTS: attempts.optional(),
  QUEUE_TOMBSTONE_SECONDS: seconds(30 * 86_400).default(0),
  QUEUE_INT64: z.enum(['number', 'string']).default('number'),
  QUEUE_AUTH_FILE: z.string().optional(),
  SHUTDOWN_DELAY_SECONDS: seconds(300).default(1),
  SHUTDOWN_SECONDS: seconds(600).default(20),
  ...redisEnvironment,
});

/**
 * Reads the service's configuration; an empty variable counts as not set. Throws one error that names every variable
 * that is wrong.
 */
export function readConfig(environment: Environment = process.env): QueueConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) throw new Error(`Wrong configuration:\n${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  return {
    host: data.HOST,
    port: data.PORT,
    logLevel: data.LOG_LEVEL,
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

/** Reads a file of tokens; throws an error that names the file and what is wrong in it, without its contents. */
export function readAuthFile(path: string): AuthFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not valid JSON' : (error as Error).message;
    throw new Error(`Cannot read the token file ${path}: ${why}`, { cause: error });
  }
  const parsed = authFileSchema.safeParse(value);
  if (!parsed.success) throw new Error(`Wrong token file ${path}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
