import { DEFAULT_BACKLOG_PER_DAEMON, type ScalingSpec } from '../api/scaling-spec.ts';

/** How far a pod's share of the backlog may be off its target before the number changes; that of the HorizontalPodAutoscaler. */
export const TOLERANCE = 0.1;

/** Tasks that one pod should have to do: its daemons' target backlog, or what they can do in the target drain time. */
export function tasksPerPod(scaling: ScalingSpec, daemons: number): number {
  if (scaling.targetDrainSeconds !== undefined) {
    return Math.max(1, (daemons * scaling.targetDrainSeconds) / scaling.secondsPerTask);
  }
  return daemons * (scaling.targetBacklogPerDaemon ?? DEFAULT_BACKLOG_PER_DAEMON);
}

/**
 * The number of pods that a backlog needs, within minReplicas and maxReplicas. Pods that are not ready yet count like ready
 * ones, because they are on their way; what they would otherwise be added for a second time.
 */
export function recommend(scaling: ScalingSpec, daemons: number, current: number, tasks: number): number {
  const perPod = tasksPerPod(scaling, daemons);
  const aimedAt = current * perPod;
  const tolerated = Math.abs(tasks - aimedAt) <= TOLERANCE * aimedAt;
  const needed = tolerated ? current : Math.ceil(tasks / perPod);
  return within(scaling, needed);
}

/** A number of pods, moved into minReplicas and maxReplicas. */
export function within({ minReplicas, maxReplicas }: ScalingSpec, replicas: number): number {
  return Math.min(Math.max(replicas, minReplicas), maxReplicas);
}
