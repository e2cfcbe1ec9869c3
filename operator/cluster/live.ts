import type { Condition } from '../api/status.ts';
import type { ObjectMeta } from '../api/render-pool.ts';

/** An object of a pool as the API server has it, less what the operator does not look at. */
export interface LiveObject {
  metadata: ObjectMeta;
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** What of a Deployment's status the operator looks at. */
export interface LiveDeployment extends LiveObject {
  spec?: { replicas?: number } & Record<string, unknown>;
  status?: {
    replicas?: number;
    readyReplicas?: number;
    updatedReplicas?: number;
    observedGeneration?: number;
    conditions?: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>[];
  };
}

/** Drops what takes room and is never looked at: managedFields are most of an object. */
export function trimmed<T extends Pick<LiveObject, 'metadata'>>(object: T): T {
  const { name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp, labels } =
    object.metadata;
  const { annotations, ownerReferences } = object.metadata;
  const metadata = {
    name,
    namespace,
    uid,
    resourceVersion,
    generation,
    creationTimestamp,
    deletionTimestamp,
  };
  const kept = { ...annotations };
  delete kept['kubectl.kubernetes.io/last-applied-configuration'];
  return { ...object, metadata: { ...metadata, labels, annotations: kept, ownerReferences } };
}
