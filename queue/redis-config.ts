import { z } from 'zod';
import { fileText, flag, wholeNumber } from '../service/environment.ts';
import type { RedisAddress, RedisSettings, RedisTls } from './store/redis/settings.ts';

const addresses = (usualPort: number) =>
  z.string().transform((text, context): RedisAddress[] =>
    text.split(',').map((item) => {
      const match = /^\s*(?:\[([^\]]+)\]|([^:\s]+))(?::(\d{1,5}))?\s*$/.exec(item);
      if (!match) context.addIssue({ code: 'custom', message: `must be HOST:PORT pairs, not ${item}` });
      return { host: match?.[1] ?? match?.[2] ?? '', port: Number(match?.[3] ?? usualPort) };
    }),
  );

/** Kubernetes sets REDIS_PORT to tcp://HOST:PORT beside a service named redis. */
const port = z
  .string()
  .transform((text) => /^tcp:\/\/.*:(\d+)$/.exec(text)?.[1] ?? text)
  .pipe(wholeNumber(1, 65_535));

/** The variables that name the Redis server, cluster or Sentinels. */
export const redisEnvironment = {
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .regex(
      /^[^/]*\/\/[^/]*(\/\d*)?$/,
      'must be redis://USER:PASSWORD@HOST:PORT/DATABASE, the database a number',
    )
    .optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: port.default(6379),
  REDIS_DATABASE: wholeNumber(0).default(0),
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_PASSWORD_FILE: fileText.optional(),
  REDIS_TLS: flag.default(false),
  REDIS_TLS_CA_FILE: fileText.optional(),
  REDIS_TLS_CERT_FILE: fileText.optional(),
  REDIS_TLS_KEY_FILE: fileText.optional(),
  REDIS_SENTINELS: addresses(26_379).optional(),
  REDIS_SENTINEL_NAME: z.string().default('mymaster'),
  REDIS_SENTINEL_PASSWORD: z.string().optional(),
  REDIS_SENTINEL_TLS: flag.optional(),
  REDIS_CLUSTER_NODES: addresses(6379).optional(),
  REDIS_COMMAND_TIMEOUT_MS: wholeNumber(10, 60_000).default(3000),
};

type RedisEnvironment = z.infer<z.ZodObject<typeof redisEnvironment>>;

/** The Redis that the variables name: a cluster before Sentinels before a URL before a host; undefined when they name none. */
export function redisSettings(environment: RedisEnvironment): RedisSettings | undefined {
  const url = environment.REDIS_URL === undefined ? undefined : new URL(environment.REDIS_URL);
  const tls = tlsOf(environment, url);
  const place = placeOf(environment, url, tls);
  if (!place) return undefined;
  return {
    ...place,
    username: environment.REDIS_USERNAME ?? (decodeURIComponent(url?.username ?? '') || undefined),
    password:
      environment.REDIS_PASSWORD_FILE ??
      environment.REDIS_PASSWORD ??
      (decodeURIComponent(url?.password ?? '') || undefined),
    database: url && url.pathname.length > 1 ? Number(url.pathname.slice(1)) : environment.REDIS_DATABASE,
    tls,
    commandTimeoutMs: environment.REDIS_COMMAND_TIMEOUT_MS,
  };
}

/** A certificate implies TLS. */
function tlsOf(environment: RedisEnvironment, url: URL | undefined): RedisTls | undefined {
  const {
    REDIS_TLS: on,
    REDIS_TLS_CA_FILE: ca,
    REDIS_TLS_CERT_FILE: cert,
    REDIS_TLS_KEY_FILE: key,
  } = environment;
  if (!on && url?.protocol !== 'rediss:' && [ca, cert, key].every((pem) => pem === undefined))
    return undefined;
  return { ca, cert, key };
}

function placeOf(
  environment: RedisEnvironment,
  url: URL | undefined,
  tls: RedisTls | undefined,
): Pick<RedisSettings, 'address' | 'sentinels' | 'cluster'> | undefined {
  if (environment.REDIS_CLUSTER_NODES) return { cluster: environment.REDIS_CLUSTER_NODES };
  if (environment.REDIS_SENTINELS) {
    const asTheServers = environment.REDIS_SENTINEL_TLS ?? tls !== undefined;
    return {
      sentinels: {
        nodes: environment.REDIS_SENTINELS,
        name: environment.REDIS_SENTINEL_NAME,
        password: environment.REDIS_SENTINEL_PASSWORD,
        tls: asTheServers ? (tls ?? {}) : undefined,
      },
    };
  }
  if (url) return { address: { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 6379) } };
  if (environment.REDIS_HOST !== undefined)
    return { address: { host: environment.REDIS_HOST, port: environment.REDIS_PORT } };
  return undefined;
}
