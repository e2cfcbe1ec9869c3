import type { Manifest } from '../children/context.ts';
import type { ChildKind } from '../children/manifests.ts';
import type { RenderPool } from '../api/render-pool.ts';
import type { RenderPoolStatus } from '../api/status.ts';
import type { PoolEvent } from '../controller/events.ts';
import type { LiveObject } from './live.ts';

/** A pod as far as it is looked at before some of its kind are taken away. */
export interface LivePod {
  name: string;
  /** Undefined while it has none. */
  ip: string | undefined;
  /** What the annotation says now; undefined: nothing. */
  deletionCost: string | undefined;
}

/** A Service as far as a NetworkPolicy must know it. */
export interface LiveService {
  selector: Record<string, string> | undefined;
  ports: { port: number; targetPort: number | string }[];
}

/**
 * What the reconciler does to a cluster. Every call throws the API server's error, and refuses to write once this operator
 * is no longer the leader.
 */
export interface Cluster {
  /** Server-side apply; without force it fails with a conflict (409) over what somebody else owns. */
  apply(manifest: Manifest, force: boolean): Promise<LiveObject>;
  /**
   * Asks for another number of pods of a Deployment, of which nothing else is written. Fails with a conflict (409) when it
   * is not as it is known any more, and with 404 when it is gone.
   */
  scale(deployment: LiveObject, replicas: number): Promise<LiveObject>;
  /** Gives an object this spec and nothing else in it, whoever set it; fails when it is another object by now. */
  replaceSpec(kind: ChildKind, object: LiveObject, spec: object): Promise<void>;
  read(kind: ChildKind, namespace: string, name: string): Promise<LiveObject | undefined>;
  remove(kind: ChildKind, object: LiveObject): Promise<void>;
  writeStatus(pool: RenderPool, status: RenderPoolStatus): Promise<RenderPool>;
  pods(namespace: string, selector: string): Promise<LivePod[]>;
  setDeletionCost(namespace: string, pod: string, cost: string): Promise<void>;
  service(namespace: string, name: string): Promise<LiveService | undefined>;
  /** The value of a Secret's key; undefined when either is missing. */
  secret(namespace: string, name: string, key: string): Promise<string | undefined>;
  emit(pool: RenderPool, event: PoolEvent): Promise<void>;
}
