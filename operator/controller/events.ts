import type { PoolEvent } from '../cluster/event-recorder.ts';

export function scaledEvent(from: number, to: number, why: string): PoolEvent {
  const up = to > from;
  return {
    type: 'Normal',
    reason: up ? 'ScaledUp' : 'ScaledDown',
    action: 'Scale',
    note: `Scaled ${up ? 'up' : 'down'} from ${from} to ${to} pods: ${why}`,
  };
}

export function dryRunEvent(from: number, to: number, why: string): PoolEvent {
  return {
    type: 'Normal',
    reason: 'DryRun',
    action: 'Scale',
    note: `Would scale from ${from} to ${to} pods: ${why}`,
  };
}

export function queueLostEvent(error: string): PoolEvent {
  return {
    type: 'Warning',
    reason: 'QueueLost',
    action: 'AskQueue',
    note: `The queue is unreachable: ${error}`,
  };
}

export function queueBackEvent(tasks: number): PoolEvent {
  return {
    type: 'Normal',
    reason: 'QueueBack',
    action: 'AskQueue',
    note: `The queue is reachable again and has ${tasks} tasks`,
  };
}

export function failureEvent(reason: string, note: string): PoolEvent {
  return { type: 'Warning', reason, action: 'Reconcile', note };
}

export function pausedEvent(paused: boolean): PoolEvent {
  return paused
    ? { type: 'Normal', reason: 'Paused', action: 'Pause', note: 'Paused' }
    : { type: 'Normal', reason: 'Resumed', action: 'Resume', note: 'Resumed after a pause' };
}
