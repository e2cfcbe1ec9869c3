import { CONDITION_TYPES, type Condition, type ConditionType } from '../api/status.ts';
import type { RenderPoolSpec } from '../api/render-pool.ts';
import type { LiveDeployment } from '../cluster/objects.ts';
import type { BacklogState } from '../scaling/backlog-watch.ts';
import type { Plan } from '../scaling/plan.ts';
import type { Failure } from './failure.ts';

/** What one reconciliation found out about a pool. */
export interface Facts {
  /** The spec, or its validation errors. */
  spec: RenderPoolSpec | { invalid: string };
  backlog: BacklogState | undefined;
  plan: Plan | undefined;
  deployment: LiveDeployment | undefined;
  /** What prevented reconciliation. */
  failure: Failure | undefined;
  /** When the number of pods last changed, in milliseconds. */
  scaledAt: number | undefined;
  now: number;
}

type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;

const yes = (reason: string, message: string): Verdict => ({ status: 'True', reason, message });
const no = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });
const unknown = (reason: string, message: string): Verdict => ({ status: 'Unknown', reason, message });

/** The conditions of a pool. Those with an unchanged status keep the time of their last transition. */
export function conditionsOf(facts: Facts, generation: number, before: Condition[]): Condition[] {
  const verdicts: Record<ConditionType, Verdict> = {
    Ready: ready(facts),
    Progressing: progressing(facts),
    Degraded: degraded(facts),
    ScalingActive: scalingActive(facts),
    Paused: paused(facts),
  };
  return CONDITION_TYPES.map((type) => {
    const past = before.find((condition) => condition.type === type);
    const verdict = verdicts[type];
    const lastTransitionTime = past?.status === verdict.status ? past.lastTransitionTime : timeOf(facts.now);
    return { type, ...verdict, lastTransitionTime, observedGeneration: generation };
  });
}

/** A time in milliseconds as metav1.Time, in whole seconds. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function ready(facts: Facts): Verdict {
  const problem = problemOf(facts);
  if (problem) return no(problem.reason, problem.message);
  // A paused pool has no plan, but its pods keep running.
  if ('invalid' in facts.spec || (!facts.plan && !facts.spec.paused))
    return unknown('Starting', 'Waiting for the queue to answer');
  const { desired, readyPods } = counts(facts);
  const message = `${readyPods} of ${desired} pods are ready`;
  if (facts.spec.dryRun) return no('DryRun', `Dry run; would have ${desired} pods`);
  if (readyPods < desired || isRollingOut(facts)) return no('PodsNotReady', message);
  return desired === 0 && facts.plan ? yes('ScaledToZero', 'Scaled to zero') : yes('PodsReady', message);
}

function progressing(facts: Facts): Verdict {
  if ('invalid' in facts.spec) return no('InvalidSpec', 'No changes until the spec is valid');
  if (facts.spec.paused) return no('Paused', 'No changes while paused');
  if (facts.spec.dryRun) return no('DryRun', 'No changes in a dry run');
  const { desired, readyPods } = counts(facts);
  const pods = facts.deployment?.status?.replicas ?? 0;
  const message = `${readyPods} of ${desired} pods are ready, ${pods} exist`;
  if (isRollingOut(facts)) return yes('RollingOut', message);
  if (readyPods < desired) return yes('PodsStarting', message);
  return pods > desired ? yes('PodsStopping', message) : no('Settled', message);
}

function degraded(facts: Facts): Verdict {
  const problem = problemOf(facts);
  return problem ? yes(problem.reason, problem.message) : no('AsExpected', 'No problems');
}

function scalingActive(facts: Facts): Verdict {
  if ('invalid' in facts.spec) return no('InvalidSpec', 'No changes until the spec is valid');
  if (facts.spec.paused) return no('Paused', 'No changes while paused');
  if (facts.spec.dryRun) return no('DryRun', facts.plan?.message ?? 'No changes in a dry run');
  if (!facts.plan || !facts.backlog) return unknown('Starting', 'Waiting for the queue to answer');
  const { reason, message } = facts.plan;
  switch (reason) {
    case 'QueueUnreachable':
    case 'FallbackReplicas':
      return !facts.backlog.known && facts.backlog.error === undefined
        ? unknown('Starting', 'Waiting for the queue to answer')
        : no(reason, message);
    case 'ReplicasFixed':
      return no(reason, message);
    case 'BacklogFollowed':
    case 'Stabilizing':
    case 'WaitingForIdleTime':
      // Without the number of tasks, which would change the message with every task; the status has it.
      return yes(reason, SCALING_MESSAGES[reason]);
  }
}

const SCALING_MESSAGES = {
  BacklogFollowed: 'The number of pods follows the backlog',
  Stabilizing: 'Waiting for the stabilization window',
  WaitingForIdleTime: 'The queue is empty; waiting for the idle time before scaling to zero',
};

function paused({ spec }: Facts): Verdict {
  return 'paused' in spec && spec.paused
    ? yes('Paused', 'spec.paused is true')
    : no('NotPaused', 'spec.paused is false');
}

/** The most serious problem of a pool, if any. */
function problemOf({ spec, backlog, failure, deployment }: Facts): Failure | undefined {
  if ('invalid' in spec) return { reason: 'InvalidSpec', message: spec.invalid };
  if (failure) return failure;
  const refused = deployment?.status?.conditions?.find(
    ({ type, status }) =>
      (type === 'ReplicaFailure' && status === 'True') || (type === 'Progressing' && status === 'False'),
  );
  if (refused) return { reason: refused.reason, message: refused.message };
  if (backlog && !backlog.known && backlog.error !== undefined) {
    return { reason: 'QueueUnreachable', message: `The queue is unreachable: ${backlog.error}` };
  }
  return undefined;
}

function counts({ plan, deployment }: Facts): { desired: number; readyPods: number } {
  const desired = plan?.replicas ?? deployment?.spec?.replicas ?? 0;
  return { desired, readyPods: deployment?.status?.readyReplicas ?? 0 };
}

function isRollingOut({ deployment }: Facts): boolean {
  const { status, metadata } = deployment ?? {};
  if (!status || !metadata) return false;
  const outdated = (status.observedGeneration ?? 0) < (metadata.generation ?? 0);
  return outdated || (status.updatedReplicas ?? 0) < (status.replicas ?? 0);
}
