/**
 * The messages of the TaskQueue REST API v1beta2, each described once: these schemas check requests and answers, give the
 * client its types, and become the OpenAPI and discovery documents.
 */
import { z } from 'zod';

/** Limits of the API; seconds, bytes and characters as the names say. */
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

/** Characters and lengths of names. A project may have a partition prefix, which is dropped. */
export const TASK_ID = /^[a-zA-Z0-9_-]{1,500}$/;
export const QUEUE_NAME = /^[a-zA-Z0-9_-]{1,100}$/;
export const PROJECT_NAME = /^(?:[bse]~)?([a-zA-Z0-9._:-]{1,100})$/;

export const taskIdSchema = name(TASK_ID, 'must be 1 to 500 of the characters a-z, A-Z, 0-9, _ and -');
export const queueNameSchema = name(QUEUE_NAME, 'must be 1 to 100 of the characters a-z, A-Z, 0-9, _ and -');
export const projectNameSchema = name(
  PROJECT_NAME,
  'must be 1 to 100 of the characters a-z, A-Z, 0-9, ., _, : and -',
);

/** Whether a text names a queue as settings do: `QUEUE` or `PROJECT/QUEUE`. */
export function isQueueReference(text: string): boolean {
  const [queue = '', ...project] = text.split('/').reverse();
  return QUEUE_NAME.test(queue) && project.length <= 1 && project.every((name) => PROJECT_NAME.test(name));
}

/** How 64-bit integers travel: as JSON numbers, or as the strings that Google's generated clients expect. */
export type Int64Form = 'number' | 'string';

/** A task as the service returns it; leaseTimestamp is 0 if it was never leased. */
export const taskSchema = z.object({
  kind: kind(TASK_KIND),
  id: taskIdSchema.meta({
    description: 'Name of the task, unique in its queue; generated when an insert gives none.',
  }),
  queueName: text('Name of the queue that holds the task.'),
  payloadBase64: text(`Payload in base64, at most ${LIMITS.payloadBytes} bytes decoded.`),
  enqueueTimestamp: integer('int64', 'When the task was inserted, in microseconds since the epoch.'),
  leaseTimestamp: integer(
    'int64',
    'When the newest lease ends, in microseconds since the epoch; 0 if the task was never leased.',
  ),
  retry_count: integer('int32', 'How often the task has been leased.'),
  tag: text('Tag of the task; absent when it has none.').optional(),
});
export type Task = z.infer<typeof taskSchema>;

/** A task without its payload: the answer to a caller that prefers `return=minimal`. */
export const taskMetadataSchema = taskSchema.omit({ payloadBase64: true });
export type TaskMetadata = z.infer<typeof taskMetadataSchema>;

/**
 * A tag as a request may give it. Decoders write U+FFFD for bytes that are not UTF-8, so a tag that contains it is not what
 * the caller meant.
 */
export const tagSchema = taskSchema.shape.tag
  .unwrap()
  .refine((tag) => tag.length <= LIMITS.tagCharacters || Array.from(tag).length <= LIMITS.tagCharacters, {
    error: `must be at most ${LIMITS.tagCharacters} characters`,
  })
  .refine((tag) => tag.isWellFormed() && !tag.includes('\uFFFD'), { error: 'must be valid Unicode' })
  .meta({ maxLength: LIMITS.tagCharacters });

const { id, queueName, payloadBase64 } = taskSchema.shape;

/** The body of an insert; other fields of a task are ignored. */
export const newTaskSchema = z.object({
  queueName: queueName.nullish(),
  tag: tagSchema.nullish(),
  payloadBase64,
  id: id.nullish(),
});

/** The body of a patch, and what counts of an update's; a tag of null removes the task's. */
export const taskPatchSchema = z.object({ queueName, tag: tagSchema.nullish() });

export const tasksSchema = z.object({
  kind: kind(TASKS_KIND),
  items: z.array(taskSchema).meta({ description: 'The tasks, oldest ETA first.' }),
});

/** Counts of one queue or tag. */
export const queueStatsSchema = z.object({
  totalTasks: integer('int32', 'Tasks in the queue, including leased ones.'),
  oldestTask: integer(
    'int64',
    'When the next task to lease was inserted, in seconds since the epoch; 0 without any.',
  ),
  leasedLastMinute: integer('int64', 'Leases in the last minute.'),
  leasedLastHour: integer('int64', 'Leases in the last hour.'),
  availableTasks: integer(
    'int32',
    'Tasks that can be leased now; only with tag or ifTotalTasksNot.',
  ).optional(),
  leasedTasks: integer('int32', 'Tasks that are leased now; only with tag or ifTotalTasksNot.').optional(),
});
export type QueueStats = z.infer<typeof queueStatsSchema>;

export const taskQueueSchema = z.object({
  kind: kind(TASK_QUEUE_KIND),
  id: text('projects/{project}/taskqueues/{taskqueue}'),
  maxLeases: integer('int32', 'How many tasks one call can lease.'),
  stats: queueStatsSchema.meta({ description: 'Counts; only with getStats=true.' }).optional(),
  acl: z
    .object({
      consumerEmails: names('consumer'),
      producerEmails: names('producer'),
      adminEmails: names('admin'),
    })
    .meta({ description: 'Names of the tokens that may use the queue, by role.' })
    .optional(),
});
export type TaskQueue = z.infer<typeof taskQueueSchema>;

/** A task's ETag, to be sent as If-Match: the fencing token of its newest lease. */
export function etagOf(task: Pick<Task, 'leaseTimestamp'>): string {
  return `"${task.leaseTimestamp}"`;
}

function kind<K extends string>(value: K) {
  return z.literal(value).meta({ description: `Always ${value}.` });
}

function text(description: string) {
  return z.string('must be a string').meta({ description });
}

function name(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error });
}

function names(role: string) {
  return z.array(z.string()).meta({ description: `Names of the tokens with the role ${role}.` });
}

/** A JSON number, or with QUEUE_INT64=string a decimal string, as Google's generated clients expect. */
function integer(format: 'int32' | 'int64', description: string) {
  return z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]).meta({ description, format });
}
