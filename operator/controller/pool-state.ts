import { isDeepStrictEqual } from 'node:util';
import { queueAddress, type QueueAddress, type QueueEndpoint } from '../api/queue-spec.ts';
import { parseSpec, type RenderPool, type RenderPoolSpec } from '../api/render-pool.ts';
import { children, type Children } from '../children/children.ts';
import { childName } from '../children/labels.ts';
import type { RendererDefaults } from '../children/manifest.ts';
import type { Applied } from '../cluster/apply.ts';
import type { PoolEvent } from '../cluster/event-recorder.ts';
import { keyOf, type ObjectKey } from '../cluster/store.ts';
import type { PlanMemory } from '../scaling/plan.ts';

/** A valid spec and the address of its queue, or the validation errors. */
export type ParsedPool =
  { ok: true; spec: RenderPoolSpec; queue: QueueAddress } | { ok: false; message: string };

/** What the operator remembers of a pool between reconciliations. A new leader starts without it. */
export interface PoolState {
  namespace: string;
  name: string;
  uid: string;
  /** The key of the pool's Deployment. */
  deployment: ObjectKey;
  /** The parsed spec of a generation, which never changes. */
  parsed: { generation: number | undefined; result: ParsedPool } | undefined;
  /** The manifests, and what they were built from. */
  built: { spec: RenderPoolSpec; endpoint: QueueEndpoint; manifests: Children } | undefined;
  planned: PlanMemory | undefined;
  applied: Applied;
  /** When the operator last changed the number of pods, in milliseconds. */
  scaledAt: number | undefined;
  /** When the status was last written, in milliseconds. */
  writtenAt: number;
  /** Events that are still to be recorded. */
  pendingEvents: PoolEvent[];
  /** What the last events reported, so that none is repeated. */
  reported: {
    queueLost?: boolean;
    failure?: string | undefined;
    paused?: boolean;
    dryRun?: number | undefined;
  };
}

export function newPoolState({ metadata: { namespace, name, uid } }: RenderPool): PoolState {
  return {
    ...{ namespace, name, uid, deployment: keyOf(namespace, childName(name)) },
    ...{ parsed: undefined, built: undefined, planned: undefined, applied: new Map() },
    ...{ scaledAt: undefined, writtenAt: -Infinity, pendingEvents: [], reported: {} },
  };
}

/** The spec of a pool, parsed once per generation. */
export function parsedOf(pool: RenderPool, state: PoolState): ParsedPool {
  const { generation, namespace } = pool.metadata;
  if (!state.parsed || state.parsed.generation !== generation) {
    const parsed = parseSpec(pool);
    const result = parsed.ok ? { ...parsed, queue: queueAddress(parsed.spec.queue, namespace) } : parsed;
    state.parsed = { generation, result };
  }
  return state.parsed.result;
}

/** The manifests of a pool, built again only if its spec or the endpoint of its queue has changed. */
export function manifestsOf(
  state: PoolState,
  spec: RenderPoolSpec,
  queue: { rootUrl: string; endpoint: QueueEndpoint },
  defaults: RendererDefaults,
): Children {
  const { built } = state;
  if (built?.spec === spec && isDeepStrictEqual(built.endpoint, queue.endpoint)) return built.manifests;
  const manifests = children({ pool: state, spec, defaults, queue });
  state.built = { spec, endpoint: queue.endpoint, manifests };
  return manifests;
}
