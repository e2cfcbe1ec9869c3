import { CONDITION_TYPES, type Condition, type ConditionType } from '../api/status.ts';
import type { Facts } from './facts.ts';

type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;

const yes = (reason: string, message: string): Verdict => ({ status: 'True', reason, message });
const no = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });
const unknown = (reason: string, message: string): Verdict => ({ status: 'Unknown', reason, message });

/** The conditions of a pool; what has not changed keeps its time of transition. */
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
    const lastTransitionTime =
      past?.status === verdict.status ? past.lastTransitionTime : secondsOf(facts.now);
    return { type, ...verdict, lastTransitionTime, observedGeneration: generation };
  });
}

/** A time in ms as metav1.Time has it: whole seconds. */
export function secondsOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function ready(facts: Facts): Verdict {
  const fault = faultOf(facts);
  if (fault) return no(fault.reason, fault.message);
  // A paused pool has no plan; its pods go on, and are ready or not.
  if ('invalid' in facts.spec || (!facts.plan && !facts.spec.paused))
    return unknown('Starting', 'the queue is being asked');
  const { desired, readyPods } = counts(facts);
  const message = `${readyPods} of ${desired} pods are ready`;
  if (facts.spec.dryRun) return no('DryRun', `nothing is done: ${desired} pods would be there`);
  if (readyPods < desired || isRollingOut(facts)) return no('PodsNotReady', message);
  return desired === 0 && facts.plan
    ? yes('ScaledToZero', 'there is nothing to do')
    : yes('PodsReady', message);
}

function progressing(facts: Facts): Verdict {
  if ('invalid' in facts.spec) return no('InvalidSpec', 'nothing is done until the spec is right');
  if (facts.spec.paused) return no('Paused', 'nothing is done while paused');
  if (facts.spec.dryRun) return no('DryRun', 'nothing is done in a dry run');
  const { desired, readyPods } = counts(facts);
  const pods = facts.deployment?.status?.replicas ?? 0;
  const message = `${readyPods} of ${desired} pods are ready, ${pods} are there`;
  if (isRollingOut(facts)) return yes('RollingOut', message);
  if (readyPods < desired) return yes('PodsStarting', message);
  return pods > desired ? yes('PodsStopping', message) : no('Settled', message);
}

function degraded(facts: Facts): Verdict {
  const fault = faultOf(facts);
  return fault ? yes(fault.reason, fault.message) : no('AsExpected', 'nothing is wrong');
}

function scalingActive(facts: Facts): Verdict {
  if ('invalid' in facts.spec) return no('InvalidSpec', 'nothing is done until the spec is right');
  if (facts.spec.paused) return no('Paused', 'nothing is done while paused');
  if (facts.spec.dryRun) return no('DryRun', facts.plan?.message ?? 'nothing is done in a dry run');
  if (!facts.plan || !facts.view) return unknown('Starting', 'the queue is being asked');
  const { reason, message } = facts.plan;
  switch (reason) {
    case 'QueueUnreachable':
    case 'FallbackReplicas':
      return !facts.view.known && facts.view.error === undefined
        ? unknown('Starting', 'the queue is being asked')
        : no(reason, message);
    case 'ReplicasFixed':
      return no(reason, message);
    case 'BacklogFollowed':
    case 'Stabilizing':
    case 'WaitingForIdleTime':
      // The number of tasks is in the status; in the message it would change with every task.
      return yes(reason, SCALING_MESSAGES[reason]);
  }
}

const SCALING_MESSAGES = {
  BacklogFollowed: 'the number of pods follows the backlog',
  Stabilizing: 'the backlog asks for another number; the stabilisation window is waited for',
  WaitingForIdleTime: 'the queue is empty; the last pod waits for the idle time',
};

function paused({ spec }: Facts): Verdict {
  return 'paused' in spec && spec.paused
    ? yes('Paused', 'spec.paused is true: nothing of the pool is changed')
    : no('NotPaused', 'the operator looks after the pool');
}

/** What is wrong, the gravest first. */
function faultOf({
  spec,
  view,
  failure,
  deployment,
}: Facts): { reason: string; message: string } | undefined {
  if ('invalid' in spec) return { reason: 'InvalidSpec', message: spec.invalid };
  if (failure) return failure;
  const refused = deployment?.status?.conditions?.find(
    ({ type, status }) =>
      (type === 'ReplicaFailure' && status === 'True') || (type === 'Progressing' && status === 'False'),
  );
  if (refused) return { reason: refused.reason, message: refused.message };
  if (view && !view.known && view.error !== undefined) {
    return { reason: 'QueueUnreachable', message: `the queue cannot be asked: ${view.error}` };
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
