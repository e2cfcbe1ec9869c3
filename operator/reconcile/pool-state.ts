import type { PlanMemory } from '../plan/plan.ts';
import type { Applied } from './children.ts';

/** What the operator remembers of a pool from one reconciliation to the next; lost with the lead, and found again. */
export interface PoolState {
  planned: PlanMemory | undefined;
  applied: Applied;
  /** When (ms) the number of pods was last changed from here. */
  scaledAt: number | undefined;
  /** When (ms) the status was last written. */
  writtenAt: number;
  /** What was said last in events, so that each is said once: of the queue, of faults, of a pause, of a dry run. */
  said: { lost?: boolean; failure?: string | undefined; paused?: boolean; dryRun?: number | undefined };
}

export function newPoolState(): PoolState {
  return { planned: undefined, applied: new Map(), scaledAt: undefined, writtenAt: -Infinity, said: {} };
}
