import type { QueueEndpoint } from '../api/queue-spec.ts';
import type { RenderPoolSpec } from '../api/render-pool.ts';

/** A generated class of the Kubernetes client as the plain JSON object on the wire, so that manifests are type-checked. */
export type Plain<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T;

/** A Kubernetes object to apply. */
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

/** Settings of the operator for pools that do not set their own. */
export interface RendererDefaults {
  image: string;
  imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  /** Folder of the static files in the image; a pool's folders take precedence. */
  staticDirectory: string;
}

/** Everything that determines the manifests of a pool, except the number of replicas. */
export interface ManifestContext {
  pool: { name: string; namespace: string; uid: string };
  spec: RenderPoolSpec;
  defaults: RendererDefaults;
  /** The pool's queue: its root URL for the renderers, its endpoint for the NetworkPolicy. */
  queue: { rootUrl: string; endpoint: QueueEndpoint };
}
