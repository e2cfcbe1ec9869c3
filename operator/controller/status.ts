import { isDeepStrictEqual } from 'node:util';
import { selectorString } from '../children/labels.ts';
import type { RenderPool } from '../api/render-pool.ts';
import type { RenderPoolStatus } from '../api/status.ts';
import { conditionsOf, secondsOf } from './conditions.ts';
import type { Facts } from './facts.ts';

/** The status that the facts make, given the one there was. */
export function statusOf({ metadata, status: before = {} }: RenderPool, facts: Facts): RenderPoolStatus {
  const { view, plan, deployment, now } = facts;
  const generation = metadata.generation ?? 0;
  const lastScaleTime = facts.scaledAt === undefined ? before.lastScaleTime : secondsOf(facts.scaledAt);
  const oldest = view?.known && view.counts.oldestTask > 0 ? view.counts.oldestTask * 1000 : undefined;
  return {
    observedGeneration: generation,
    replicas: deployment?.status?.replicas ?? 0,
    readyReplicas: deployment?.status?.readyReplicas ?? 0,
    desiredReplicas: plan?.replicas ?? before.desiredReplicas ?? 0,
    ...(view?.known && { backlog: view.counts.tasks }),
    ...(view?.known && {
      oldestTaskAge: oldest === undefined ? 0 : Math.max(0, Math.round((now - oldest) / 1000)),
    }),
    ...(oldest !== undefined && { oldestTaskTime: secondsOf(oldest) }),
    ...(lastScaleTime !== undefined && { lastScaleTime }),
    selector: selectorString(metadata.name),
    conditions: conditionsOf(facts, generation, before.conditions ?? []),
  };
}

/** How much a change of a status matters: it is written within a second, soon, or with the next figures; or there is none. */
export type Change = 'none' | 'figures' | 'counts' | 'state';

/** How long after the last write a change is written, in milliseconds at least. */
export const WRITTEN_AFTER_MS: Record<Exclude<Change, 'none'>, number> = {
  state: 1000,
  counts: 2000,
  figures: 5000,
};

/** What has changed from one status to the next: figures of the queue, counts of pods, or what they mean. */
export function changeOf(before: RenderPoolStatus | undefined, after: RenderPoolStatus): Change {
  // The first figures are awaited by somebody.
  if (before?.backlog === undefined && after.backlog !== undefined) return 'state';
  if (!before || !isDeepStrictEqual(meaningOf(before), meaningOf(after))) return 'state';
  if (!isDeepStrictEqual(withoutFigures(before), withoutFigures(after))) return 'counts';
  const same = before.backlog === after.backlog && before.oldestTaskTime === after.oldestTaskTime;
  return same ? 'none' : 'figures';
}

function meaningOf({
  conditions = [],
  observedGeneration,
  desiredReplicas,
  lastScaleTime,
}: RenderPoolStatus) {
  const verdicts = conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`).sort();
  return { verdicts, observedGeneration, desiredReplicas, lastScaleTime };
}

/** The age of the oldest task grows all the time; alone it is no reason to write. */
function withoutFigures(status: RenderPoolStatus): RenderPoolStatus {
  const conditions = (status.conditions ?? []).toSorted((a, b) => (a.type < b.type ? -1 : 1));
  return { ...status, conditions, backlog: undefined, oldestTaskAge: undefined, oldestTaskTime: undefined };
}
