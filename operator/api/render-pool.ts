import { z } from 'zod';
import { described } from './rules.ts';
import { queueSpecSchema } from './queue-spec.ts';
import { rendererSpecSchema } from './renderer-spec.ts';
import { scalingSpecSchema } from './scaling-spec.ts';
import type { RenderPoolStatus } from './status.ts';

export const GROUP = 'renderfleet.dev';
export const VERSION = 'v1alpha1';
export const KIND = 'RenderPool';
export const PLURAL = 'renderpools';
export const API_VERSION = `${GROUP}/${VERSION}`;

/** The spec of a RenderPool. Parsing fills in the same defaults as the API server. */
export const renderPoolSpecSchema = described(
  z.object({
    queue: queueSpecSchema,
    replicas: described(
      z.int().min(0).max(10_000).default(0),
      'Fixed number of pods, set by kubectl scale or a HorizontalPodAutoscaler. 0: scale with the queue.',
    ),
    scaling: scalingSpecSchema.prefault({}),
    renderer: rendererSpecSchema.prefault({}),
    paused: described(
      z.boolean().default(false),
      'While true, the operator changes nothing; the pods keep running.',
    ),
    dryRun: described(
      z.boolean().default(false),
      'While true, the operator only reports in status and events what it would do.',
    ),
  }),
  'The desired state.',
  [
    {
      rule: '!has(self.replicas) || !has(self.scaling) || !has(self.scaling.maxReplicas) || self.replicas <= self.scaling.maxReplicas',
      message: 'replicas must be at most scaling.maxReplicas; raise that first',
      holds: ({ replicas, scaling }) => replicas <= scaling.maxReplicas,
    },
  ],
);
export type RenderPoolSpec = z.output<typeof renderPoolSpecSchema>;

/** The metadata that the operator uses. */
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

/** A RenderPool from the API server. Its spec may predate the current CRD, so it is not validated yet. */
export interface RenderPool {
  metadata: ObjectMeta;
  spec?: unknown;
  status?: RenderPoolStatus;
}

/** The spec with all defaults filled in, or the validation errors. */
export type ParsedSpec = { ok: true; spec: RenderPoolSpec } | { ok: false; message: string };

/** Parses the spec of a pool, whichever version of the CRD admitted it. */
export function parseSpec(pool: RenderPool): ParsedSpec {
  const parsed = renderPoolSpecSchema.safeParse(pool.spec ?? {});
  return parsed.success
    ? { ok: true, spec: parsed.data }
    : { ok: false, message: parsed.error.issues.map(faultOf).join('; ') };
}

function faultOf({ path, message }: z.core.$ZodIssue): string {
  return `${['spec', ...path].join('.')}: ${message}`;
}
