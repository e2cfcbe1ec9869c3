import type { RenderPoolSpec } from '../api/render-pool.ts';
import { recommend, slide, tasksPerPod, within, type Recommendation } from './recommendation.ts';

/** An observed backlog: the number of tasks, or since when (ms) it has been unknown. */
export type ObservedBacklog = { tasks: number } | { unknownSince: number };

/** The planner's state between two calls for a pool. */
export interface PlanMemory {
  /** Recommendations in the scale-up and in the scale-down window that can still decide. */
  lowest: readonly Recommendation[];
  highest: readonly Recommendation[];
  /** When the queue became empty, in milliseconds. */
  idleSince?: number | undefined;
  /** Whether spec.replicas fixed the number last time. */
  fixed: boolean;
}

type PlanReason =
  | 'BacklogFollowed'
  | 'Stabilizing'
  | 'WaitingForIdleTime'
  | 'ReplicasFixed'
  | 'QueueUnreachable'
  | 'FallbackReplicas';

export interface Plan {
  replicas: number;
  reason: PlanReason;
  /** Human-readable explanation. */
  message: string;
  memory: PlanMemory;
  /** When to plan again even if nothing changes, in milliseconds; undefined if there is no need. */
  planAgainAt?: number | undefined;
}

/** The fields of a spec that the planner reads. */
export type PlannedSpec = Pick<RenderPoolSpec, 'replicas' | 'scaling'> & { renderer: { daemons: number } };

const NO_MEMORY: PlanMemory = { lowest: [], highest: [], fixed: false };

/**
 * Decides how many pods a pool should have.
 *
 * The number follows the backlog in one step, within the stabilization windows of the HorizontalPodAutoscaler: up to the
 * lowest recommendation in the scale-up window, down to the highest one in the scale-down window. The pool scales to zero
 * once the queue has been empty for the idle time.
 *
 * @param current replicas of the Deployment, ready or not
 * @param now in milliseconds
 */
export function plan(
  spec: PlannedSpec,
  current: number,
  queue: ObservedBacklog,
  past: PlanMemory | undefined,
  now: number,
): Plan {
  if (spec.replicas > 0) return fixed(spec);
  // A pool that was fixed until now starts from what the queue needs, not from the fixed number.
  if (past?.fixed) return unfixed(spec, queue, now);
  return 'tasks' in queue
    ? follow(spec, current, queue.tasks, past ?? initial(current, now), now)
    : hold(spec, current, queue.unknownSince, past ?? initial(current, now), now);
}

function fixed({ replicas }: PlannedSpec): Plan {
  const message = `spec.replicas sets ${replicas} pods; set it to 0 to scale with the queue`;
  return { replicas, reason: 'ReplicasFixed', message, memory: { ...NO_MEMORY, fixed: true } };
}

function unfixed(spec: PlannedSpec, queue: ObservedBacklog, now: number): Plan {
  return 'tasks' in queue
    ? follow(spec, 0, queue.tasks, NO_MEMORY, now)
    : hold(spec, 0, queue.unknownSince, NO_MEMORY, now);
}

function follow(spec: PlannedSpec, current: number, tasks: number, past: PlanMemory, now: number): Plan {
  const { scaling, renderer } = spec;
  const wanted = recommend(scaling, renderer.daemons, current, tasks);
  const next = { at: now, replicas: wanted };
  const lowest = slide(past.lowest, next, scaling.scaleUpStabilizationSeconds, 'lowest');
  const highest = slide(past.highest, next, scaling.scaleDownStabilizationSeconds, 'highest');
  const stable = Math.min(Math.max(current, lowest[0].replicas), highest[0].replicas);

  const idleSince = tasks > 0 ? undefined : Math.min(past.idleSince ?? now, now);
  const idleEnds = (idleSince ?? now) + scaling.idleSeconds * 1000;
  const memory = { lowest, highest, idleSince, fixed: false };
  if (stable === 0 && current > 0 && now < idleEnds) {
    const message = `The queue is empty; scales to zero after ${scaling.idleSeconds} s`;
    return {
      replicas: within(scaling, 1),
      reason: 'WaitingForIdleTime',
      message,
      memory,
      planAgainAt: idleEnds,
    };
  }
  const replicas = within(scaling, stable);
  const message = need(spec, tasks, wanted);
  if (replicas === wanted) return { replicas, reason: 'BacklogFollowed', message, memory };
  const planAgainAt =
    replicas > wanted
      ? highest[0].at + scaling.scaleDownStabilizationSeconds * 1000
      : lowest[0].at + scaling.scaleUpStabilizationSeconds * 1000;
  return { replicas, reason: 'Stabilizing', message, memory, planAgainAt };
}

function hold(spec: PlannedSpec, current: number, since: number, past: PlanMemory, now: number): Plan {
  const { scaling } = spec;
  const fallbackAt = since + scaling.fallbackAfterSeconds * 1000;
  const memory = { ...past, idleSince: undefined, fixed: false };
  if (scaling.fallbackReplicas === undefined || now < fallbackAt) {
    const replicas = within(scaling, current);
    const message = `The queue is unreachable; keeping ${replicas} pods`;
    const planAgainAt = scaling.fallbackReplicas === undefined ? undefined : fallbackAt;
    return { replicas, reason: 'QueueUnreachable', message, memory, planAgainAt };
  }
  const replicas = within(scaling, scaling.fallbackReplicas);
  const message = `The queue is unreachable; falling back to ${replicas} pods`;
  return { replicas, reason: 'FallbackReplicas', message, memory };
}

/** The memory for a new pool: its current replicas count as the latest recommendation. */
function initial(current: number, now: number): PlanMemory {
  const recommended = [{ at: now, replicas: current }];
  return { lowest: recommended, highest: recommended, fixed: false };
}

function need({ scaling, renderer }: PlannedSpec, tasks: number, wanted: number): string {
  const perPod = Math.round(tasksPerPod(scaling, renderer.daemons));
  const bound =
    wanted === scaling.maxReplicas
      ? ' (maxReplicas)'
      : wanted === scaling.minReplicas && tasks === 0
        ? ' (minReplicas)'
        : '';
  return `${tasks} tasks need ${wanted} pods${bound} at ${perPod} tasks per pod`;
}
