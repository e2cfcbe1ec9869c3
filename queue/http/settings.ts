import type { QueueRef } from '../store/task-store.ts';
import type { Int64Form } from '../wire/contract.ts';

/** What the HTTP service needs to know besides its store; main.ts and standalone read it from their configuration. */
export interface QueueSettings {
  int64: Int64Form;
  /** How long the name of a deleted task stays taken. */
  tombstoneSeconds: number;
  /** The queues that there are, as `queue` or `project/queue`; empty: a queue exists as soon as it is named. */
  queues: readonly string[];
  /** How often a task is leased at most, by `queue` or `project/queue`, `*` for all others; absent: no bound. */
  maxAttempts: ReadonlyMap<string, number>;
}

export const DEFAULT_SETTINGS: QueueSettings = {
  int64: 'number',
  tombstoneSeconds: 0,
  queues: [],
  maxAttempts: new Map(),
};

const DEAD = /(-dead)+$/;

/** How often a task of a queue is leased at most; never bounded in a dead-letter queue. */
export function maxAttemptsOf(
  { maxAttempts }: QueueSettings,
  { project, queue }: QueueRef,
): number | undefined {
  if (maxAttempts.size === 0 || DEAD.test(queue)) return undefined;
  return maxAttempts.get(`${project}/${queue}`) ?? maxAttempts.get(queue) ?? maxAttempts.get('*');
}

/** Whether the service has a queue of this name; with the queues come their dead-letter queues. */
export function isKnownQueue({ queues }: QueueSettings, { project, queue }: QueueRef): boolean {
  if (queues.length === 0) return true;
  return [queue, queue.replace(DEAD, '')].some(
    (name) => queues.includes(name) || queues.includes(`${project}/${name}`),
  );
}
