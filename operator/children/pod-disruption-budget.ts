import type { V1PodDisruptionBudget } from '@kubernetes/client-node';
import type { Manifest, ManifestContext } from './context.ts';
import { childMetadata, selectorLabels } from './labels.ts';
import type { Plain } from './plain.ts';

/** Lets a quarter of the pods be evicted at a time: what they were doing goes back to the queue, but the fleet goes on. */
export function podDisruptionBudget(context: ManifestContext): Manifest & Plain<V1PodDisruptionBudget> {
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
