import { isDeepStrictEqual } from 'node:util';
import type { RenderPool } from '../api/render-pool.ts';
import type { RenderPoolStatus } from '../api/status.ts';
import { selectorString } from '../children/labels.ts';
import { conditionsOf, timeOf, type Facts } from './conditions.ts';

/** The new status of a pool. */
export function statusOf({ metadata, status: before = {} }: RenderPool, facts: Facts): RenderPoolStatus {
  const { backlog, plan, deployment, now } = facts;
  const generation = metadata.generation ?? 0;
  const lastScaleTime = facts.scaledAt === undefined ? before.lastScaleTime : timeOf(facts.scaledAt);
  const oldest =
    backlog?.known && backlog.counts.oldestTask > 0 ? backlog.counts.oldestTask * 1000 : undefined;
  return {
    observedGeneration: generation,
    replicas: deployment?.status?.replicas ?? 0,
    readyReplicas: deployment?.status?.readyReplicas ?? 0,
    desiredReplicas: plan?.replicas ?? before.desiredReplicas ?? 0,
    ...(backlog?.known && { backlog: backlog.counts.tasks }),
    ...(backlog?.known && {
      oldestTaskAge: oldest === undefined ? 0 : Math.max(0, Math.round((now - oldest) / 1000)),
    }),
    ...(oldest !== undefined && { oldestTaskTime: timeOf(oldest) }),
    ...(lastScaleTime !== undefined && { lastScaleTime }),
    selector: selectorString(metadata.name),
    conditions: conditionsOf(facts, generation, before.conditions ?? []),
  };
}

/** The significance of a status change, which decides how soon it is written. */
export type Change = 'none' | 'figures' | 'counts' | 'state';

/** Least time between the last write and that of a change, in milliseconds. */
export const WRITTEN_AFTER_MS: Record<Exclude<Change, 'none'>, number> = {
  state: 1000,
  counts: 2000,
  figures: 5000,
};

/** What changed between two statuses: nothing, figures of the queue, counts of pods, or the state that they amount to. */
export function changeOf(before: RenderPoolStatus | undefined, after: RenderPoolStatus): Change {
  // Someone may be waiting for the first figures.
  if (before?.backlog === undefined && after.backlog !== undefined) return 'state';
  if (!before || !isDeepStrictEqual(stateOf(before), stateOf(after))) return 'state';
  if (!isDeepStrictEqual(withoutFigures(before), withoutFigures(after))) return 'counts';
  const same = before.backlog === after.backlog && before.oldestTaskTime === after.oldestTaskTime;
  return same ? 'none' : 'figures';
}

function stateOf({ conditions = [], observedGeneration, desiredReplicas, lastScaleTime }: RenderPoolStatus) {
  const verdicts = conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`).sort();
  return { verdicts, observedGeneration, desiredReplicas, lastScaleTime };
}

/** The status without the figures of the queue. The age of the oldest task changes constantly, which alone is no reason to write. */
function withoutFigures(status: RenderPoolStatus): RenderPoolStatus {
  const conditions = (status.conditions ?? []).toSorted((a, b) => (a.type < b.type ? -1 : 1));
  return { ...status, conditions, backlog: undefined, oldestTaskAge: undefined, oldestTaskTime: undefined };
}
