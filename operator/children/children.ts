import type { V1PodDisruptionBudget, V1Service, V1ServiceAccount } from '@kubernetes/client-node';
import { deployment } from './deployment.ts';
import { hashed } from './drift.ts';
import { childMetadata, HTTP_PORT, selectorLabels } from './labels.ts';
import type { Manifest, ManifestContext, Plain } from './manifest.ts';
import { networkPolicy } from './network-policy.ts';

/** The kinds of a pool's objects with their API paths, in the order of their creation. */
export const CHILD_KINDS = {
  ServiceAccount: { apiVersion: 'v1', plural: 'serviceaccounts' },
  NetworkPolicy: { apiVersion: 'networking.k8s.io/v1', plural: 'networkpolicies' },
  Service: { apiVersion: 'v1', plural: 'services' },
  PodDisruptionBudget: { apiVersion: 'policy/v1', plural: 'poddisruptionbudgets' },
  Deployment: { apiVersion: 'apps/v1', plural: 'deployments' },
} as const;
export type ChildKind = keyof typeof CHILD_KINDS;

/** The manifests of a pool by kind, without replicas; undefined for an object that the pool must not have. */
export type Children = Record<ChildKind, Manifest | undefined>;

/** The manifests of a pool, each annotated with its hash. */
export function children(context: ManifestContext): Children {
  return {
    ServiceAccount: hashed(serviceAccount(context)),
    NetworkPolicy: context.spec.renderer.networkPolicy.enabled ? hashed(networkPolicy(context)) : undefined,
    Service: hashed(service(context)),
    PodDisruptionBudget: hashed(podDisruptionBudget(context)),
    Deployment: hashed(deployment(context)),
  };
}

/** The identity of a pool's pods. They never call the API server, so they get no token. */
function serviceAccount(context: ManifestContext): Manifest & Plain<V1ServiceAccount> {
  const annotations = context.spec.renderer.serviceAccountAnnotations;
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { ...childMetadata(context), ...(annotations && { annotations }) },
    automountServiceAccountToken: false,
  };
}

/** A headless Service: it balances no load, but lets monitoring discover every pod. */
function service(context: ManifestContext): Manifest & Plain<V1Service> {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: childMetadata(context),
    spec: {
      clusterIP: 'None',
      selector: selectorLabels(context.pool.name),
      ports: [{ name: 'http', port: HTTP_PORT, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' }],
    },
  };
}

/** Allows the eviction of a quarter of the pods at a time. They release their tasks, and the rest keeps rendering. */
function podDisruptionBudget(context: ManifestContext): Manifest & Plain<V1PodDisruptionBudget> {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: childMetadata(context),
    spec: {
      maxUnavailable: '25%',
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selectorLabels(context.pool.name) },
    },
  };
}
