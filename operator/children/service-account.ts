import type { V1ServiceAccount } from '@kubernetes/client-node';
import type { Manifest, ManifestContext } from './context.ts';
import { childMetadata } from './labels.ts';
import type { Plain } from './plain.ts';

/** The identity of a pool's pods; they never talk to the API server, so they get no token. */
export function serviceAccount(context: ManifestContext): Manifest & Plain<V1ServiceAccount> {
  const annotations = context.spec.renderer.serviceAccountAnnotations;
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { ...childMetadata(context), ...(annotations && { annotations }) },
    automountServiceAccountToken: false,
  };
}
