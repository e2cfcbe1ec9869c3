import { API_VERSION, PLURAL } from '../api/render-pool.ts';

/** A collection of one kind of object. */
export interface Resource {
  /** Group and version, such as apps/v1; v1 for the core group. */
  apiVersion: string;
  plural: string;
}

export const RENDER_POOLS: Resource = { apiVersion: API_VERSION, plural: PLURAL };

/** The path of a collection: that of a namespace, or without one that of the whole cluster. */
export function collectionPath({ apiVersion, plural }: Resource, namespace?: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return namespace === undefined ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
}

/** The path of one object. */
export function objectPath(resource: Resource, namespace: string, name: string): string {
  return `${collectionPath(resource, namespace)}/${name}`;
}
