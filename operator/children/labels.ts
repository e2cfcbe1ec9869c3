import { API_VERSION, KIND } from '../api/render-pool.ts';
import type { ManifestContext, Manifest } from './context.ts';

/** Says that an object is the operator's; only objects with it are watched. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'renderfleet-operator' } as const;

/** The label with the name of the pool that an object belongs to. */
export const POOL_LABEL = 'renderfleet.dev/pool';

/** The port of a renderer's HTTP server, in its pods and its Service. */
export const HTTP_PORT = 8080;

/** Labels that pods are selected by; they can never change, because a Deployment's selector cannot. */
export function selectorLabels(pool: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'renderfleet',
    'app.kubernetes.io/component': 'renderer',
    [POOL_LABEL]: pool,
  };
}

/** The selector as a string, as the scale subresource gives it to kubectl and to the HorizontalPodAutoscaler. */
export function selectorString(pool: string): string {
  return Object.entries(selectorLabels(pool))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** Labels of all that belongs to a pool. */
export function poolLabels(pool: string): Record<string, string> {
  return {
    ...selectorLabels(pool),
    'app.kubernetes.io/instance': pool,
    'app.kubernetes.io/part-of': 'renderfleet',
    ...MANAGED_BY,
  };
}

/** The name of what belongs to a pool; the same for every kind. */
export function childName(pool: string): string {
  return `${pool}-renderer`;
}

/** The metadata of an object of a pool: owned by the pool, so that it goes with it. */
export function childMetadata({ pool }: ManifestContext): Manifest['metadata'] {
  const { name, namespace, uid } = pool;
  return {
    name: childName(name),
    namespace,
    labels: poolLabels(name),
    ownerReferences: [{ apiVersion: API_VERSION, kind: KIND, name, uid, controller: true }],
  };
}
