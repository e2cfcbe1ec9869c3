import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { RendererDefaults } from './children/manifest.ts';
import type { LeaderConfig } from './cluster/leader-election.ts';

const integer = (value: number, min: number, max: number) =>
  z.coerce.number({ error: 'must be a whole number' }).int().min(min).max(max).default(value);
const namespaceName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** An empty variable counts as one that is not set, as in Kubernetes manifests. */
const environmentSchema = z.object({
  WATCH_NAMESPACES: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .refine(
      (list) => list.every((name) => namespaceName.test(name)),
      'must be names of namespaces, with commas between',
    ),
  POD_NAME: z.string().default(hostname()),
  POD_NAMESPACE: z.string().default('default'),
  LEADER_ELECTION: z.enum(['true', 'false']).default('true'),
  LEASE_NAME: z.string().default('renderfleet-operator'),
  LEASE_SECONDS: integer(15, 3, 3600),
  LEASE_RENEW_DEADLINE_SECONDS: integer(10, 2, 3599),
  LEASE_RETRY_SECONDS: integer(2, 1, 600),
  CONCURRENCY: integer(64, 1, 256),
  API_CONCURRENCY: integer(64, 1, 256),
  RENDERER_IMAGE: z.string().default('renderfleet/renderer:0.1.0'),
  RENDERER_IMAGE_PULL_POLICY: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent'),
  RENDERER_STATIC_DIRECTORY: z.string().startsWith('/').default('/app/static'),
  HOST: z.string().default('0.0.0.0'),
  PORT: integer(8080, 0, 65_535),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** What the operator is told. */
export interface OperatorConfig {
  /** Namespaces whose pools are served; none: those of the whole cluster. */
  namespaces: string[];
  /** This process among the operators. */
  identity: string;
  /** Undefined: there is no other operator. */
  leader: LeaderConfig | undefined;
  /** Pools that are worked on at a time. */
  concurrency: number;
  /** Requests to the API server that are under way at a time. */
  apiConcurrency: number;
  renderer: RendererDefaults;
  host: string;
  port: number;
  logLevel: string;
}

/**
 * Reads the operator's configuration. Which cluster it works on is for the Kubernetes client to find out.
 *
 * @throws Error that names every variable at fault and what is wrong with it, one a line.
 */
export function loadOperatorConfig(environment: NodeJS.ProcessEnv = process.env): OperatorConfig {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(set);
  const faults = parsed.success ? [] : parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`);
  const env = parsed.data;
  if (env && env.LEASE_RENEW_DEADLINE_SECONDS >= env.LEASE_SECONDS) {
    faults.push('LEASE_RENEW_DEADLINE_SECONDS: must be less than LEASE_SECONDS');
  }
  if (env && env.LEASE_RETRY_SECONDS >= env.LEASE_RENEW_DEADLINE_SECONDS) {
    faults.push('LEASE_RETRY_SECONDS: must be less than LEASE_RENEW_DEADLINE_SECONDS');
  }
  if (!env || faults.length > 0) {
    throw new Error(`The operator's configuration is wrong:\n  ${faults.join('\n  ')}`);
  }
  return {
    namespaces: env.WATCH_NAMESPACES,
    identity: `${env.POD_NAME}_${randomUUID()}`,
    leader: env.LEADER_ELECTION === 'true' ? leaderOf(env) : undefined,
    concurrency: env.CONCURRENCY,
    apiConcurrency: env.API_CONCURRENCY,
    renderer: {
      image: env.RENDERER_IMAGE,
      imagePullPolicy: env.RENDERER_IMAGE_PULL_POLICY,
      staticDirectory: env.RENDERER_STATIC_DIRECTORY,
    },
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
  };
}

function leaderOf(env: z.infer<typeof environmentSchema>): LeaderConfig {
  return {
    namespace: env.POD_NAMESPACE,
    name: env.LEASE_NAME,
    leaseSeconds: env.LEASE_SECONDS,
    renewDeadlineSeconds: env.LEASE_RENEW_DEADLINE_SECONDS,
    retrySeconds: env.LEASE_RETRY_SECONDS,
  };
}
