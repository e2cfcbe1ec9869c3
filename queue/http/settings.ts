import { isDeadLetterQueue, splitQueueName } from '../wire/dead-letter.ts';
import type { QueueRef } from '../store/task-store.ts';
import type { Int64Form } from '../wire/contract.ts';

/** Settings of the HTTP service; main.ts and standalone read them from their configuration. */
export interface QueueSettings {
  int64: Int64Form;
  /** How long the name of a deleted task stays taken. */
  tombstoneSeconds: number;
  /** The queues that exist, as `queue` or `project/queue`; empty: a queue exists as soon as it is named. */
  queues: readonly string[];
  /** How often a task may be leased, by `queue` or `project/queue`, `*` for all others; absent: without limit. */
  maxAttempts: ReadonlyMap<string, number>;
}

export const DEFAULT_SETTINGS: QueueSettings = {
  int64: 'number',
  tombstoneSeconds: 0,
  queues: [],
  maxAttempts: new Map(),
};

/** How often a task of a queue may be leased; undefined without a limit, as in every dead-letter queue. */
export function maxAttemptsOf(
  { maxAttempts }: QueueSettings,
  { project, queue }: QueueRef,
): number | undefined {
  if (maxAttempts.size === 0 || isDeadLetterQueue(queue)) return undefined;
  return maxAttempts.get(`${project}/${queue}`) ?? maxAttempts.get(queue) ?? maxAttempts.get('*');
}

/** Whether the service has this queue. Every queue comes with its dead-letter queue. */
export function isKnownQueue({ queues }: QueueSettings, { project, queue }: QueueRef): boolean {
  if (queues.length === 0) return true;
  return [queue, splitQueueName(queue).source].some(
    (name) => queues.includes(name) || queues.includes(`${project}/${name}`),
  );
}
