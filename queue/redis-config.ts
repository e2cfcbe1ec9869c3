import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { RedisAddress, RedisSettings } from './redis/settings.ts';

const addresses = z.string().transform((text, context): RedisAddress[] =>
  text.split(',').map((item) => {
    const match = /^\s*(?:\[([^\]]+)\]|([^:\s]+))(?::(\d{1,5}))?\s*$/.exec(item);
    if (!match) context.addIssue({ code: 'custom', message: `must be HOST:PORT pairs, not ${item}` });
    return { host: match?.[1] ?? match?.[2] ?? '', port: Number(match?.[3] ?? 6379) };
  }),
);

/** Kubernetes sets REDIS_PORT to tcp://HOST:PORT beside a service named redis. */
const port = z
  .string()
  .transform((text) => Number(/^tcp:\/\/.*:(\d+)$/.exec(text)?.[1] ?? text))
  .pipe(z.int().min(1).max(65_535));

const file = z.string().transform((path, context) => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** The variables that say where Redis is. */
export const redisEnvironment = {
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: port.default(6379),
  REDIS_DATABASE: z.coerce.number().int().min(0).default(0),
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_PASSWORD_FILE: file.optional(),
  REDIS_TLS: z.stringbool().default(false),
  REDIS_TLS_CA_FILE: file.optional(),
  REDIS_SENTINELS: addresses.optional(),
  REDIS_SENTINEL_NAME: z.string().default('mymaster'),
  REDIS_SENTINEL_PASSWORD: z.string().optional(),
  REDIS_CLUSTER_NODES: addresses.optional(),
  REDIS_COMMAND_TIMEOUT_MS: z.coerce.number().int().min(10).max(60_000).default(3000),
};

type RedisEnvironment = z.infer<z.ZodObject<typeof redisEnvironment>>;

/** Cluster before Sentinel before a URL before a host; absent when none is named. */
export function redisSettings(environment: RedisEnvironment): RedisSettings | undefined {
  const url = environment.REDIS_URL === undefined ? undefined : new URL(environment.REDIS_URL);
  const place = placeOf(environment, url);
  if (!place) return undefined;
  const tls =
    environment.REDIS_TLS || url?.protocol === 'rediss:' || environment.REDIS_TLS_CA_FILE !== undefined;
  return {
    ...place,
    username: environment.REDIS_USERNAME ?? (decodeURIComponent(url?.username ?? '') || undefined),
    password:
      environment.REDIS_PASSWORD_FILE ??
      environment.REDIS_PASSWORD ??
      (decodeURIComponent(url?.password ?? '') || undefined),
    database: url && url.pathname.length > 1 ? Number(url.pathname.slice(1)) : environment.REDIS_DATABASE,
    tls: tls ? { ca: environment.REDIS_TLS_CA_FILE } : undefined,
    commandTimeoutMs: environment.REDIS_COMMAND_TIMEOUT_MS,
  };
}

function placeOf(
  environment: RedisEnvironment,
  url: URL | undefined,
): Pick<RedisSettings, 'address' | 'sentinels' | 'cluster'> | undefined {
  if (environment.REDIS_CLUSTER_NODES) return { cluster: environment.REDIS_CLUSTER_NODES };
  if (environment.REDIS_SENTINELS) {
    return {
      sentinels: {
        nodes: environment.REDIS_SENTINELS,
        name: environment.REDIS_SENTINEL_NAME,
        password: environment.REDIS_SENTINEL_PASSWORD,
      },
    };
  }
  if (url) return { address: { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 6379) } };
  if (environment.REDIS_HOST !== undefined)
    return { address: { host: environment.REDIS_HOST, port: environment.REDIS_PORT } };
  return undefined;
}
