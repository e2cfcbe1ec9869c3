import type { Manifest, ManifestContext } from './context.ts';
import { deployment } from './deployment.ts';
import { networkPolicy } from './network-policy.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';
import { serviceAccount } from './service-account.ts';
import { service } from './service.ts';

/** The kinds of object that a pool is made of, each with its API path, in the order in which they are made. */
export const CHILD_KINDS = {
  ServiceAccount: { apiVersion: 'v1', plural: 'serviceaccounts' },
  NetworkPolicy: { apiVersion: 'networking.k8s.io/v1', plural: 'networkpolicies' },
  Service: { apiVersion: 'v1', plural: 'services' },
  PodDisruptionBudget: { apiVersion: 'policy/v1', plural: 'poddisruptionbudgets' },
  Deployment: { apiVersion: 'apps/v1', plural: 'deployments' },
} as const;
export type ChildKind = keyof typeof CHILD_KINDS;

/** Everything that a pool should be made of; undefined for what it should not have. Pods come last, into what guards them. */
export function children(context: ManifestContext): Record<ChildKind, Manifest | undefined> {
  return {
    ServiceAccount: serviceAccount(context),
    NetworkPolicy: context.spec.renderer.networkPolicy.enabled ? networkPolicy(context) : undefined,
    Service: service(context),
    PodDisruptionBudget: podDisruptionBudget(context),
    Deployment: deployment(context),
  };
}
