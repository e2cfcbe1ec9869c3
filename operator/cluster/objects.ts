import { API_VERSION, PLURAL, type ObjectMeta } from '../api/render-pool.ts';
import type { Condition } from '../api/status.ts';

/** The API path of a kind of object. */
export interface ObjectKind {
  /** Group and version, such as apps/v1; v1 for the core group. */
  apiVersion: string;
  plural: string;
}

export const RENDER_POOLS: ObjectKind = { apiVersion: API_VERSION, plural: PLURAL };

/** The path of a collection: that of a namespace, or without one that of the whole cluster. */
export function collectionPath({ apiVersion, plural }: ObjectKind, namespace?: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return namespace === undefined ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
}

/** The path of one object. */
export function objectPath(kind: ObjectKind, namespace: string, name: string): string {
  return `${collectionPath(kind, namespace)}/${name}`;
}

/** An object from the API server, without the fields that the operator never reads. */
export interface LiveObject {
  metadata: ObjectMeta;
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** The fields of a Deployment that the operator reads. */
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

/** The fields of a pod that decide which one to delete first. */
export interface LivePod {
  name: string;
  /** Undefined until the pod has one. */
  ip: string | undefined;
  /** The current value of the annotation; undefined if it is not set. */
  deletionCost: string | undefined;
}

/** The fields of a Service that a NetworkPolicy needs. */
export interface LiveService {
  selector: Record<string, string> | undefined;
  ports: { port: number; targetPort: number | string }[];
}

/** The object without metadata that the operator never reads: managedFields make up most of an object. */
export function trimmed<T extends Pick<LiveObject, 'metadata'>>(object: T): T {
  const { name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp, labels } =
    object.metadata;
  const { ownerReferences } = object.metadata;
  const annotations = { ...object.metadata.annotations };
  delete annotations['kubectl.kubernetes.io/last-applied-configuration'];
  const metadata = {
    ...{ name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp },
    ...{ labels, annotations, ownerReferences },
  };
  return { ...object, metadata };
}

/** A time as metav1.MicroTime; the API server rejects the three digits of a Date. */
export function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
