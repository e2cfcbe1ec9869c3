import { availableParallelism, homedir, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import { LIMITS, queueNameSchema } from '../queue/wire/contract.ts';
import {
  decimal,
  discoveryUrl,
  fileText,
  httpUrl,
  readEnvironment,
  serviceConfig,
  serviceEnvironment,
  wholeNumber,
  type Environment,
  type ServiceConfig,
} from '../service/environment.ts';
import type { StartHint } from '../service/start.ts';
import type { StorageConfig } from './storage/storage.ts';
import type { PoolConfig } from './worker/daemon-pool.ts';

const MIB = 1024 * 1024;

/** The directories listed, in order, followed by the one that comes with the project. */
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

const variables = {
  API_DISCOVERY_URL: discoveryUrl,
  PROJECT_NAME: z.string().min(1).default('render'),
  QUEUE_NAME: queueNameSchema.default('render'),
  QUEUE_TOKEN: z.string().optional(),
  QUEUE_TOKEN_FILE: fileText.optional(),
  TASK_COUNT: wholeNumber(1, LIMITS.leaseTasks).default(20),
  TASK_SECONDS: decimal(0.1, LIMITS.leaseSeconds).default(50),
  TASK_TIME_MULT: decimal(0, 100).default(1.33),
  TASK_RETRY_LIMIT: wholeNumber(1, 1000).default(5),
  MAX_QUEUE_TASK_SIZE: wholeNumber(1024, Math.floor((LIMITS.payloadBytes * 4) / 3)).default(680 * 1024),
  RENDER_SLEEP_TIME: decimal(0.05, 3600).default(5),
  LEASE_WAIT_SECONDS: wholeNumber(0, LIMITS.waitSeconds).default(5),
  DAEMONS: wholeNumber(1, 256).default(availableParallelism()),
  DAEMON_CACHE_SIZE: wholeNumber(0).default(300 * MIB),
  STATIC_DIRECTORY: directories(STATIC),
  TEMPLATE_DIRECTORY: directories(join(STATIC, 'templates')),
  GRACE_SECONDS: decimal(0, 3600).default(25),
  RECYCLE_TASKS: wholeNumber(1, 1_000_000).default(10_000),
  RECYCLE_MEBIBYTES: wholeNumber(64, 1_000_000).default(1024),
  CHROMIUM_PATH: z.string().optional(),
  CHROMIUM_SANDBOX: z.enum(['auto', 'on', 'off']).default('auto'),
  CHROMIUM_CACHE_DIRECTORY: z.string().optional(),
  XDG_CACHE_HOME: z.string().optional(),
  PATH: z.string().default(''),
  BUCKET_SAVE_DIRECTORY: z.string().optional(),
  BUCKET_PUBLIC_URL: z.url({ error: 'must be a URL' }).optional(),
  S3_BUCKET: z.string().optional(),
  S3_PREFIX: z.string().default(''),
  S3_ENDPOINT: httpUrl.optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_PUBLIC_URL: z.url({ error: 'must be a URL' }).optional(),
  S3_URL_SECONDS: wholeNumber(1, 604_800).default(604_800),
  ...serviceEnvironment,
};

type Values = ReturnType<typeof readVariables>;

/** The configuration of the renderer; sizes in bytes, times in seconds. */
export interface RendererConfig extends PoolConfig, ServiceConfig {
  cacheBytes: number;
  templateDirectories: string[];
}

const TMPDIR_ADVICE = 'Set TMPDIR to a writable folder.';

/** What to do when the renderer cannot start. */
export const rendererStartHints: readonly StartHint[] = [
  { syscall: 'mkdtemp', advice: TMPDIR_ADVICE },
  { syscall: 'scandir', advice: TMPDIR_ADVICE },
];

/**
 * Reads the configuration of the renderer.
 *
 * @throws Error that names every invalid variable and what is allowed
 */
export function loadRendererConfig(environment: Environment = process.env): RendererConfig {
  const env = readVariables(environment);
  return {
    ...serviceConfig(env),
    queue: {
      rootUrl: env.API_DISCOVERY_URL,
      project: env.PROJECT_NAME,
      queue: env.QUEUE_NAME,
      token: env.QUEUE_TOKEN_FILE ?? env.QUEUE_TOKEN,
      tokenFile: env.QUEUE_TOKEN_FILE === undefined ? undefined : environment.QUEUE_TOKEN_FILE,
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
  };
}

function readVariables(environment: Environment) {
  return readEnvironment(variables, environment, ({ BUCKET_SAVE_DIRECTORY, S3_BUCKET }) =>
    BUCKET_SAVE_DIRECTORY && S3_BUCKET
      ? ['BUCKET_SAVE_DIRECTORY and S3_BUCKET: only one place for large documents can be set']
      : [],
  );
}

function storageOf(env: Values): StorageConfig | undefined {
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
