/**
 * The wire contract of the TaskQueue REST API v1beta2: what travels between the queue service and its clients.
 * Everybody may import this file; it imports zod only.
 */
import { z } from 'zod';

/** Bounds of the wire contract; seconds, bytes and characters as the names say. */
export const LIMITS = {
  payloadBytes: 1024 * 1024,
  tagCharacters: 500,
  listTasks: 100,
  leaseTasks: 1000,
  leaseSeconds: 604_800,
  waitSeconds: 30,
  batchCalls: 1000,
} as const;

export const TASK_KIND = 'taskqueues#task';
export const TASKS_KIND = 'taskqueue#tasks';
export const TASK_QUEUE_KIND = 'taskqueues#taskqueue';

/** What names of tasks and of queues are made of. */
export const TASK_ID = /^[a-zA-Z0-9_-]{1,500}$/;
export const QUEUE_NAME = /^[a-zA-Z0-9_-]{1,100}$/;

export const taskIdSchema = z
  .string()
  .regex(TASK_ID, 'must be 1 to 500 of the characters a-z, A-Z, 0-9, _ and -');

export const queueNameSchema = z
  .string()
  .regex(QUEUE_NAME, 'must be 1 to 100 of the characters a-z, A-Z, 0-9, _ and -');

/** A JSON number, or with QUEUE_INT64=string a decimal string, as Google's generated clients expect. */
const int64Schema = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);

/** A task as the service returns it; timestamps in microseconds since the epoch, leaseTimestamp 0 if never leased. */
export const taskSchema = z.object({
  kind: z.literal(TASK_KIND),
  id: taskIdSchema,
  queueName: z.string(),
  payloadBase64: z.string(),
  enqueueTimestamp: int64Schema,
  leaseTimestamp: int64Schema,
  retry_count: int64Schema,
  tag: z.string().optional(),
});
export type Task = z.infer<typeof taskSchema>;

/** A task without its payload: the answer to a caller that prefers `return=minimal`. */
export const taskMetadataSchema = taskSchema.omit({ payloadBase64: true });
export type TaskMetadata = z.infer<typeof taskMetadataSchema>;

export const tasksSchema = z.object({ kind: z.literal(TASKS_KIND), items: z.array(taskSchema) });

/** Counts of one queue or tag; oldestTask is the enqueue time, in seconds, of the next task to lease, 0 without any. */
export const queueStatsSchema = z.object({
  totalTasks: int64Schema,
  oldestTask: int64Schema,
  leasedLastMinute: int64Schema,
  leasedLastHour: int64Schema,
  /** Tasks that can be leased now; answered to questions about a tag or a change. */
  availableTasks: int64Schema.optional(),
  /** Tasks that are leased now; answered likewise. */
  leasedTasks: int64Schema.optional(),
});
export type QueueStats = z.infer<typeof queueStatsSchema>;

export const taskQueueSchema = z.object({
  kind: z.literal(TASK_QUEUE_KIND),
  id: z.string(),
  maxLeases: int64Schema,
  stats: queueStatsSchema.optional(),
});
export type TaskQueue = z.infer<typeof taskQueueSchema>;

/** The fencing token of a task's present lease: its ETag, to be sent as If-Match. */
export function etagOf(task: Pick<Task, 'leaseTimestamp'>): string {
  return `"${task.leaseTimestamp}"`;
}
