import { DEFAULT_BACKLOG_PER_DAEMON, type ScalingSpec } from '../api/scaling-spec.ts';

/** Relative deviation of the backlog per pod from its target that changes nothing; the same as the HorizontalPodAutoscaler's. */
const TOLERANCE = 0.1;

/** The target number of tasks per pod: that of its daemons, or what they can work off in the target drain time. */
export function tasksPerPod(scaling: ScalingSpec, daemons: number): number {
  if (scaling.targetDrainSeconds !== undefined) {
    return Math.max(1, (daemons * scaling.targetDrainSeconds) / scaling.secondsPerTask);
  }
  return daemons * (scaling.targetBacklogPerDaemon ?? DEFAULT_BACKLOG_PER_DAEMON);
}

/**
 * The number of pods that a backlog needs, within minReplicas and maxReplicas. Pods that are still starting count as well,
 * so that they are not added a second time.
 */
export function recommend(scaling: ScalingSpec, daemons: number, current: number, tasks: number): number {
  const perPod = tasksPerPod(scaling, daemons);
  const target = current * perPod;
  const isTolerated = Math.abs(tasks - target) <= TOLERANCE * target;
  const needed = isTolerated ? current : Math.ceil(tasks / perPod);
  return within(scaling, needed);
}

/** A number of pods, clamped to minReplicas and maxReplicas. */
export function within({ minReplicas, maxReplicas }: ScalingSpec, replicas: number): number {
  return Math.min(Math.max(replicas, minReplicas), maxReplicas);
}

/** A recommended number of replicas, and the last time it was known to apply, in milliseconds. */
export interface Recommendation {
  at: number;
  replicas: number;
}

/** Which recommendation of a stabilization window decides: the lowest for scaling up, the highest for scaling down. */
export type Extreme = 'lowest' | 'highest';

/**
 * Adds a recommendation to a stabilization window and drops those that can no longer decide, so that a window of a day takes
 * no more memory than one of a minute. The result is ordered from the oldest and most extreme; the first one decides.
 *
 * The newest recommendation applied until the next one, however long nothing triggered another. All times are limited to
 * now, in case the clock went back.
 */
export function slide(
  window: readonly Recommendation[],
  next: Recommendation,
  seconds: number,
  extreme: Extreme,
): [Recommendation, ...Recommendation[]] {
  const oldest = next.at - seconds * 1000;
  const isSuperseded = (kept: Recommendation) =>
    extreme === 'highest' ? kept.replicas <= next.replicas : kept.replicas >= next.replicas;
  const held = window.map(({ at, replicas }, index) => ({
    at: index === window.length - 1 ? next.at : Math.min(at, next.at),
    replicas,
  }));
  const [first, ...rest] = held.filter((entry) => entry.at > oldest && !isSuperseded(entry));
  return first ? [first, ...rest, next] : [next];
}
