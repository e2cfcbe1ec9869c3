import type { RenderPoolSpec } from '../api/spec.ts';
import { recommend, tasksPerPod, within } from './recommend.ts';
import { slide, type Recommendation } from './window.ts';

/** What is known of a queue: how many tasks are in it, or since when (ms) it could not be asked. */
export type QueueView = { tasks: number } | { unknownSince: number };

/** What the planner must know of the past of a pool; it gives it back changed, and the caller keeps it. */
export interface PlanMemory {
  /** What can still decide in the scale-up and in the scale-down window. */
  lowest: readonly Recommendation[];
  highest: readonly Recommendation[];
  /** Since when (ms) the queue has been empty. */
  idleSince?: number | undefined;
  /** Whether the number was fixed by hand the last time. */
  fixed: boolean;
}

export type PlanReason =
  | 'BacklogFollowed'
  | 'Stabilizing'
  | 'WaitingForIdleTime'
  | 'ReplicasFixed'
  | 'QueueUnreachable'
  | 'FallbackReplicas';

export interface Plan {
  replicas: number;
  reason: PlanReason;
  /** Why, for people. */
  message: string;
  memory: PlanMemory;
  /** When (ms) to plan again though nothing has changed; undefined: no need to. */
  lookAgainAt?: number | undefined;
}

/** What of a spec the planner reads. */
export type PlannedSpec = Pick<RenderPoolSpec, 'replicas' | 'scaling'> & { renderer: { daemons: number } };

const NO_PAST: PlanMemory = { lowest: [], highest: [], fixed: false };

/**
 * Decides how many pods a pool should have.
 *
 * The number follows the backlog in one step, with the windows of the HorizontalPodAutoscaler: up only to what the whole
 * scale-up window asked for, down only to what nothing in the scale-down window asked for. The last pod goes when the
 * queue has been empty for the idle time.
 *
 * @param current pods that the Deployment asks for now, ready or not
 * @param now milliseconds
 */
export function plan(
  spec: PlannedSpec,
  current: number,
  queue: QueueView,
  past: PlanMemory | undefined,
  now: number,
): Plan {
  if (spec.replicas > 0) return fixed(spec);
  // A pool that was fixed until now starts afresh, from what the queue needs rather than from what was held.
  if (past?.fixed) return unfixed(spec, queue, now);
  return 'tasks' in queue
    ? follow(spec, current, queue.tasks, past ?? remembering(current, now), now)
    : hold(spec, current, queue.unknownSince, past ?? remembering(current, now), now);
}

function fixed({ replicas }: PlannedSpec): Plan {
  const message = `${replicas} pods, as spec.replicas says; 0 there follows the queue`;
  return { replicas, reason: 'ReplicasFixed', message, memory: { ...NO_PAST, fixed: true } };
}

function unfixed(spec: PlannedSpec, queue: QueueView, now: number): Plan {
  return 'tasks' in queue
    ? follow(spec, 0, queue.tasks, NO_PAST, now)
    : hold(spec, 0, queue.unknownSince, NO_PAST, now);
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
    const message = `the queue is empty; the last pod goes after ${scaling.idleSeconds} s of that`;
    return {
      replicas: within(scaling, 1),
      reason: 'WaitingForIdleTime',
      message,
      memory,
      lookAgainAt: idleEnds,
    };
  }
  const replicas = within(scaling, stable);
  const message = need(spec, tasks, wanted);
  if (replicas === wanted) return { replicas, reason: 'BacklogFollowed', message, memory };
  const lookAgainAt =
    replicas > wanted
      ? highest[0].at + scaling.scaleDownStabilizationSeconds * 1000
      : lowest[0].at + scaling.scaleUpStabilizationSeconds * 1000;
  return { replicas, reason: 'Stabilizing', message, memory, lookAgainAt };
}

function hold(spec: PlannedSpec, current: number, since: number, past: PlanMemory, now: number): Plan {
  const { scaling } = spec;
  const fallbackAt = since + scaling.fallbackAfterSeconds * 1000;
  const memory = { ...past, idleSince: undefined, fixed: false };
  if (scaling.fallbackReplicas === undefined || now < fallbackAt) {
    const replicas = within(scaling, current);
    const message = `the queue cannot be asked; ${replicas} pods are held`;
    const lookAgainAt = scaling.fallbackReplicas === undefined ? undefined : fallbackAt;
    return { replicas, reason: 'QueueUnreachable', message, memory, lookAgainAt };
  }
  const replicas = within(scaling, scaling.fallbackReplicas);
  const message = `the queue cannot be asked; ${replicas} pods are the fallback`;
  return { replicas, reason: 'FallbackReplicas', message, memory };
}

/** The past of a pool that is seen for the first time: what it has now was wanted just now. */
function remembering(current: number, now: number): PlanMemory {
  const seen = [{ at: now, replicas: current }];
  return { lowest: seen, highest: seen, fixed: false };
}

function need({ scaling, renderer }: PlannedSpec, tasks: number, wanted: number): string {
  const perPod = Math.round(tasksPerPod(scaling, renderer.daemons));
  const bound =
    wanted === scaling.maxReplicas
      ? ' (maxReplicas)'
      : wanted === scaling.minReplicas && tasks === 0
        ? ' (minReplicas)'
        : '';
  return `${tasks} tasks need ${wanted} pods${bound} at ${perPod} tasks a pod`;
}
