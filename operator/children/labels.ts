import { API_VERSION, KIND } from '../api/render-pool.ts';
import type { Manifest, ManifestContext } from './manifest.ts';

/** The label of the operator's objects; the informers select by it. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'renderfleet-operator' } as const;

/** The label with the name of the pool that owns an object. */
export const POOL_LABEL = 'renderfleet.dev/pool';

/** The port of a renderer's HTTP server, in its pods and its Service. */
export const HTTP_PORT = 8080;

/** The labels that select a pool's pods. They must never change, because a Deployment's selector is immutable. */
export function selectorLabels(pool: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'renderfleet',
    'app.kubernetes.io/component': 'renderer',
    [POOL_LABEL]: pool,
  };
}

/** The selector as a string, for the scale subresource, which kubectl and the HorizontalPodAutoscaler read. */
export function selectorString(pool: string): string {
  return Object.entries(selectorLabels(pool))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** The labels of all objects of a pool. */
export function poolLabels(pool: string): Record<string, string> {
  return {
    ...selectorLabels(pool),
    'app.kubernetes.io/instance': pool,
    'app.kubernetes.io/part-of': 'renderfleet',
    ...MANAGED_BY,
  };
}

/** The name of a pool's objects, the same for every kind. */
export function childName(pool: string): string {
  return `${pool}-renderer`;
}

/** The metadata of an object of a pool. The pool owns it, so that Kubernetes deletes it with the pool. */
export function childMetadata({ pool }: ManifestContext): Manifest['metadata'] {
  const { name, namespace, uid } = pool;
  return {
    name: childName(name),
    namespace,
    labels: poolLabels(name),
    ownerReferences: [{ apiVersion: API_VERSION, kind: KIND, name, uid, controller: true }],
  };
}
