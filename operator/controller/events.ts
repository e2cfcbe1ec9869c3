/** Something that a person would ask about later. */
export interface PoolEvent {
  type: 'Normal' | 'Warning';
  /** One word for programs, such as ScaledUp. */
  reason: string;
  /** What was done or tried, one word. */
  action: string;
  note: string;
}

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
    note: `The queue cannot be asked: ${error}`,
  };
}

export function queueBackEvent(tasks: number): PoolEvent {
  return {
    type: 'Normal',
    reason: 'QueueBack',
    action: 'AskQueue',
    note: `The queue answers again: ${tasks} tasks`,
  };
}

export function failureEvent(reason: string, note: string): PoolEvent {
  return { type: 'Warning', reason, action: 'Reconcile', note };
}

export function pausedEvent(paused: boolean): PoolEvent {
  return paused
    ? { type: 'Normal', reason: 'Paused', action: 'Pause', note: 'Paused: nothing of the pool is changed' }
    : { type: 'Normal', reason: 'Resumed', action: 'Resume', note: 'Goes on after a pause' };
}
