import type { PlanMemory } from '../scaling/plan.ts';
import type { ParsedSpec } from '../api/render-pool.ts';
import type { PoolEvent } from './events.ts';
import type { Applied } from '../children/apply.ts';

/** What the operator remembers of a pool from one reconciliation to the next; lost with the lead, and found again. */
export interface PoolState {
  /** The pool itself, not another one of its name. */
  uid: string;
  /** The spec of a generation, which never changes. */
  parsed: { generation: number | undefined; result: ParsedSpec } | undefined;
  planned: PlanMemory | undefined;
  applied: Applied;
  /** When (ms) the number of pods was last changed from here. */
  scaledAt: number | undefined;
  /** When (ms) the status was last written. */
  writtenAt: number;
  /** What has happened and is still to be said. */
  unsaid: PoolEvent[];
  /** What was said last in events, so that each is said once: of the queue, of faults, of a pause, of a dry run. */
  said: { lost?: boolean; failure?: string | undefined; paused?: boolean; dryRun?: number | undefined };
}

export function newPoolState(uid: string): PoolState {
  return {
    ...{ uid, parsed: undefined, planned: undefined, applied: new Map() },
    ...{ scaledAt: undefined, writtenAt: -Infinity, unsaid: [], said: {} },
  };
}
