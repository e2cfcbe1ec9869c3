import type { z } from 'zod';
import { renderPoolSpecSchema, type RenderPoolSpec } from './spec.ts';
import type { RenderPoolStatus } from './status.ts';

export const GROUP = 'renderfleet.dev';
export const VERSION = 'v1alpha1';
export const KIND = 'RenderPool';
export const PLURAL = 'renderpools';
export const API_VERSION = `${GROUP}/${VERSION}`;

/** What of an object's metadata the operator uses. */
export interface ObjectMeta {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { uid: string; name: string; kind: string; controller?: boolean }[];
}

/** A RenderPool as it comes from the API server: its spec may be of an older version and is not to be trusted. */
export interface RenderPool {
  metadata: ObjectMeta;
  spec?: unknown;
  status?: RenderPoolStatus;
}

/** The spec with every default filled in, or what is wrong with it, a line per fault. */
export type ParsedSpec = { ok: true; spec: RenderPoolSpec } | { ok: false; message: string };

/** Reads the spec of a pool, whoever wrote it and whichever version of the CRD let it in. */
export function parseSpec(pool: RenderPool): ParsedSpec {
  const parsed = renderPoolSpecSchema.safeParse(pool.spec ?? {});
  return parsed.success
    ? { ok: true, spec: parsed.data }
    : { ok: false, message: parsed.error.issues.map(faultOf).join('; ') };
}

function faultOf({ path, message }: z.core.$ZodIssue): string {
  return `${['spec', ...path].join('.')}: ${message}`;
}
