import { readFileSync } from 'node:fs';
import { availableParallelism, homedir, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import { LIMITS, queueNameSchema } from '../queue/wire/contract.ts';
import type { StorageConfig } from './storage/storage.ts';
import type { PoolConfig } from './worker/daemon-pool.ts';

const MIB = 1024 * 1024;
const number = (value: number, min: number, max: number) =>
  z.coerce
    .number({ error: `must be a number from ${min} to ${max}` })
    .min(min)
    .max(max)
    .default(value);
const integer = (value: number, min: number, max: number) =>
  z.coerce
    .number({ error: `must be a whole number from ${min} to ${max}` })
    .int()
    .min(min)
    .max(max)
    .default(value);
/** The directories listed, in order, and last the one that comes with the project. */
const directories = (own: string) =>
  z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => resolve(folder)),
    )
    .transform((listed) => [...listed.filter((folder) => folder !== own), own]);

const STATIC = join(import.meta.dirname, '..', 'static');

/** An empty variable counts as one that is not set, as in Kubernetes manifests and env files. */
const environmentSchema = z.object({
  API_DISCOVERY_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8080/api/{api}/{apiVersion}')
    .refine(
      (url) => url.includes('/api/'),
      'must end in /api/{api}/{apiVersion}, with names or as it stands',
    ),
  PROJECT_NAME: z.string().min(1).default('render'),
  QUEUE_NAME: queueNameSchema.default('render'),
  QUEUE_TOKEN: z.string().optional(),
  QUEUE_TOKEN_FILE: z.string().optional(),
  TASK_COUNT: integer(20, 1, LIMITS.leaseTasks),
  TASK_SECONDS: number(50, 0.1, LIMITS.leaseSeconds),
  TASK_TIME_MULT: number(1.33, 0, 100),
  TASK_RETRY_LIMIT: integer(5, 1, 1000),
  MAX_QUEUE_TASK_SIZE: integer(680 * 1024, 1024, Math.floor((LIMITS.payloadBytes * 4) / 3)),
  RENDER_SLEEP_TIME: number(5, 0.05, 3600),
  LEASE_WAIT_SECONDS: integer(5, 0, LIMITS.waitSeconds),
  DAEMONS: integer(availableParallelism(), 1, 256),
  DAEMON_CACHE_SIZE: integer(300 * MIB, 0, Number.MAX_SAFE_INTEGER),
  STATIC_DIRECTORY: directories(STATIC),
  TEMPLATE_DIRECTORY: directories(join(STATIC, 'templates')),
  GRACE_SECONDS: number(25, 0, 3600),
  RECYCLE_TASKS: integer(10_000, 1, 1_000_000),
  RECYCLE_MEBIBYTES: integer(1024, 64, 1_000_000),
  CHROMIUM_PATH: z.string().optional(),
  CHROMIUM_SANDBOX: z.enum(['auto', 'on', 'off']).default('auto'),
  CHROMIUM_CACHE_DIRECTORY: z.string().optional(),
  XDG_CACHE_HOME: z.string().optional(),
  PATH: z.string().default(''),
  BUCKET_SAVE_DIRECTORY: z.string().optional(),
  BUCKET_PUBLIC_URL: z.url().optional(),
  S3_BUCKET: z.string().optional(),
  S3_PREFIX: z.string().default(''),
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_PUBLIC_URL: z.url().optional(),
  S3_URL_SECONDS: integer(604_800, 1, 604_800),
  HOST: z.string().default('0.0.0.0'),
  PORT: integer(8080, 0, 65_535),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** What the renderer is told; sizes in bytes, times in seconds. */
export interface RendererConfig extends PoolConfig {
  cacheBytes: number;
  templateDirectories: string[];
  host: string;
  port: number;
  logLevel: string;
}

/**
 * Reads the renderer's configuration.
 *
 * @throws Error that names every variable at fault and what is wrong with it, one a line.
 */
export function loadRendererConfig(environment: NodeJS.ProcessEnv = process.env): RendererConfig {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(set);
  const faults = parsed.success ? [] : parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`);
  if (set.BUCKET_SAVE_DIRECTORY && set.S3_BUCKET) {
    faults.push('BUCKET_SAVE_DIRECTORY and S3_BUCKET: only one place for large documents can be given');
  }
  const token = readToken(set, faults);
  if (!parsed.success || faults.length > 0) {
    throw new Error(`The renderer's configuration is wrong:\n  ${faults.join('\n  ')}`);
  }
  return assemble(parsed.data, token);
}

function readToken(set: NodeJS.ProcessEnv, faults: string[]): string | undefined {
  if (set.QUEUE_TOKEN_FILE === undefined) return set.QUEUE_TOKEN;
  try {
    return readFileSync(set.QUEUE_TOKEN_FILE, 'utf8').trim();
  } catch (error) {
    faults.push(`QUEUE_TOKEN_FILE: cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}

function assemble(env: z.infer<typeof environmentSchema>, token: string | undefined): RendererConfig {
  return {
    queue: {
      rootUrl: env.API_DISCOVERY_URL.slice(0, env.API_DISCOVERY_URL.lastIndexOf('/api/')),
      project: env.PROJECT_NAME,
      queue: env.QUEUE_NAME,
      token,
    },
    taskCount: env.TASK_COUNT,
    taskSeconds: env.TASK_SECONDS,
    taskTimeMult: env.TASK_TIME_MULT,
    taskRetryLimit: env.TASK_RETRY_LIMIT,
    maxQueueTaskSize: env.MAX_QUEUE_TASK_SIZE,
    renderSleepSeconds: env.RENDER_SLEEP_TIME,
    leaseWaitSeconds: env.LEASE_WAIT_SECONDS,
    daemons: env.DAEMONS,
    cacheBytes: env.DAEMON_CACHE_SIZE,
    staticDirectories: env.STATIC_DIRECTORY,
    templateDirectories: env.TEMPLATE_DIRECTORY,
    graceSeconds: env.GRACE_SECONDS,
    chromium: {
      path: env.CHROMIUM_PATH,
      searchPath: env.PATH,
      sandbox: env.CHROMIUM_SANDBOX,
      cacheDirectory:
        env.CHROMIUM_CACHE_DIRECTORY ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'renderfleet'),
      temporaryDirectory: tmpdir(),
      recycleTasks: env.RECYCLE_TASKS,
      recycleBytes: env.RECYCLE_MEBIBYTES * MIB,
    },
    storage: storageOf(env),
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
  };
}

function storageOf(env: z.infer<typeof environmentSchema>): StorageConfig | undefined {
  if (env.BUCKET_SAVE_DIRECTORY) {
    const directory = resolve(env.BUCKET_SAVE_DIRECTORY);
    return { kind: 'file-system', directory, publicUrl: env.BUCKET_PUBLIC_URL };
  }
  if (!env.S3_BUCKET) return undefined;
  return {
    kind: 's3',
    bucket: env.S3_BUCKET,
    prefix: env.S3_PREFIX,
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION,
    publicUrl: env.S3_PUBLIC_URL,
    urlSeconds: env.S3_URL_SECONDS,
  };
}
