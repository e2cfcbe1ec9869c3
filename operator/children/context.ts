import type { RenderPoolSpec } from '../api/spec.ts';
import type { QueueEndpoint } from '../api/queue-address.ts';

/** What the operator adds to what a pool asks for. */
export interface RendererDefaults {
  image: string;
  imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  /** Where the image has its static files; user folders come before it. */
  staticDirectory: string;
}

/** All that the manifests of a pool are made of. */
export interface ManifestContext {
  pool: { name: string; namespace: string; uid: string };
  spec: RenderPoolSpec;
  defaults: RendererDefaults;
  /** Where the renderers' queue is: its root URL and, for the NetworkPolicy, its pods or its address. */
  queue: { rootUrl: string; endpoint: QueueEndpoint };
  replicas: number;
}

/** A Kubernetes object as it is applied. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    labels: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences: { apiVersion: string; kind: string; name: string; uid: string; controller: boolean }[];
  };
  spec?: { replicas?: number | undefined } & Record<string, unknown>;
}
