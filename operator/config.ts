import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import {
  readEnvironment,
  serviceConfig,
  serviceEnvironment,
  wholeNumber,
  type Environment,
  type ServiceConfig,
} from '../service/environment.ts';
import type { RendererDefaults } from './children/manifest.ts';
import type { LeaderConfig } from './cluster/leader-election.ts';

const namespaceName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const variables = {
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
      'must be names of namespaces, separated by commas',
    ),
  POD_NAME: z.string().default(hostname()),
  POD_NAMESPACE: z.string().default('default'),
  LEADER_ELECTION: z.enum(['true', 'false']).default('true'),
  LEASE_NAME: z.string().default('renderfleet-operator'),
  LEASE_SECONDS: wholeNumber(3, 3600).default(15),
  LEASE_RENEW_DEADLINE_SECONDS: wholeNumber(2, 3599).default(10),
  LEASE_RETRY_SECONDS: wholeNumber(1, 600).default(2),
  CONCURRENCY: wholeNumber(1, 256).default(64),
  API_CONCURRENCY: wholeNumber(1, 256).default(64),
  RENDERER_IMAGE: z.string().default('renderfleet/renderer:0.1.0'),
  RENDERER_IMAGE_PULL_POLICY: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent'),
  RENDERER_STATIC_DIRECTORY: z.string().startsWith('/', 'must start with /').default('/app/static'),
  ...serviceEnvironment,
};

type Values = ReturnType<typeof readVariables>;

/** The configuration of the operator. */
export interface OperatorConfig extends ServiceConfig {
  /** Namespaces whose pools are managed; none: those of the whole cluster. */
  namespaces: string[];
  /** The name of this process in leader election. */
  identity: string;
  /** Undefined: leader election is off. */
  leader: LeaderConfig | undefined;
  /** Pools that are reconciled at a time. */
  concurrency: number;
  /** Concurrent requests to the API server. */
  apiConcurrency: number;
  renderer: RendererDefaults;
}

/**
 * Reads the configuration of the operator. The Kubernetes client itself finds the cluster.
 *
 * @throws Error that names every invalid variable and what is allowed
 */
export function loadOperatorConfig(environment: Environment = process.env): OperatorConfig {
  const env = readVariables(environment);
  return {
    ...serviceConfig(env),
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
  };
}

function readVariables(environment: Environment) {
  return readEnvironment(variables, environment, (values) => {
    const { LEASE_SECONDS: lease = Infinity, LEASE_RETRY_SECONDS: retry = 0 } = values;
    const { LEASE_RENEW_DEADLINE_SECONDS: deadline } = values;
    if (deadline === undefined) return [];
    return [
      ...(deadline >= lease ? ['LEASE_RENEW_DEADLINE_SECONDS: must be less than LEASE_SECONDS'] : []),
      ...(retry >= deadline ? ['LEASE_RETRY_SECONDS: must be less than LEASE_RENEW_DEADLINE_SECONDS'] : []),
    ];
  });
}

function leaderOf(env: Values): LeaderConfig {
  return {
    namespace: env.POD_NAMESPACE,
    name: env.LEASE_NAME,
    leaseSeconds: env.LEASE_SECONDS,
    renewDeadlineSeconds: env.LEASE_RENEW_DEADLINE_SECONDS,
    retrySeconds: env.LEASE_RETRY_SECONDS,
  };
}
