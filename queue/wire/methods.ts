/** The methods of the TaskQueue REST API v1beta2 with their parameters, each described once. */
import { z } from 'zod';
import { LIMITS, projectNameSchema, queueNameSchema, tagSchema, taskIdSchema } from './contract.ts';

/** Address of a queue; its methods lie below. */
export const QUEUE_PATH = '/taskqueue/v1beta2/projects/{project}/taskqueues/{taskqueue}';

export const pathSchema = z.object({
  project: projectNameSchema.meta({
    description: 'The project that the queue is in; a prefix b~, s~ or e~ is dropped.',
  }),
  taskqueue: queueNameSchema.meta({ description: 'The name of the queue.' }),
  task: taskIdSchema.meta({ description: 'The name of the task.' }),
});

const seconds = (most: number, description: string) => z.int().min(0).max(most).meta({ description });
const flag = (description: string) => z.boolean().default(false).meta({ description });

/** Parameters that every method accepts and acts on. Clients may send others, such as key and quotaUser; they are ignored. */
export const presentationSchema = z.object({
  alt: z.enum(['json']).default('json').meta({ description: 'Data format of the response.' }),
  fields: z
    .string()
    .optional()
    .meta({ description: 'Which fields to include in the response, such as items(id,tag).' }),
  prettyPrint: flag('Whether to indent the response.'),
});

export const getQueueSchema = z.object({
  getStats: flag('Whether to include counts.'),
  tag: tagSchema
    .optional()
    .meta({ description: 'With getStats: counts of tasks with this tag only; empty for untagged tasks.' }),
  ifTotalTasksNot: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'With getStats and waitSecs: wait until the total differs from this.' }),
  waitSecs: seconds(
    LIMITS.waitSeconds,
    'With ifTotalTasksNot: how many seconds to wait for a change at most.',
  ).default(0),
});

export const leaseSchema = z.object({
  numTasks: z.int().min(1).max(LIMITS.leaseTasks).meta({ description: 'How many tasks to lease at most.' }),
  leaseSecs: seconds(LIMITS.leaseSeconds, 'How many seconds to lease them for.'),
  groupByTag: flag('Whether to lease tasks of one tag only: the given tag, or that of the oldest task.'),
  tag: tagSchema.optional().meta({ description: 'The tag to lease; needs groupByTag=true.' }),
  waitSecs: seconds(
    LIMITS.waitSeconds,
    'How many seconds to wait for a task when there is none at once.',
  ).default(0),
});

export const renewSchema = z.object({
  newLeaseSeconds: seconds(
    LIMITS.leaseSeconds,
    'How many seconds from now the lease ends; 0 releases the task.',
  ),
});

/** tasks.insert with the payload itself as the body, as Google's simple media upload, at `/upload` before the queue's path. */
export const uploadSchema = z.object({
  uploadType: z.enum(['media']).default('media').meta({ description: 'The kind of upload.' }),
  id: taskIdSchema.optional().meta({ description: 'With an upload: the name of the task.' }),
  tag: tagSchema.optional().meta({ description: 'With an upload: the tag of the task.' }),
});

export interface Method {
  id: string;
  httpMethod: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the queue's own path. */
  path: '' | '/tasks' | '/tasks/lease' | '/tasks/{task}';
  description: string;
  query?: z.ZodObject;
  /** Query of the same method as an upload. */
  upload?: z.ZodObject;
  request?: 'NewTask' | 'Task' | 'TaskPatch';
  response?: 'Task' | 'Tasks' | 'TaskQueue';
}

export const METHODS: readonly Method[] = [
  {
    id: 'taskqueues.get',
    httpMethod: 'GET',
    path: '',
    description: 'Get detailed information about a queue.',
    query: getQueueSchema,
    response: 'TaskQueue',
  },
  {
    id: 'tasks.list',
    httpMethod: 'GET',
    path: '/tasks',
    description: `List the first ${LIMITS.listTasks} tasks of a queue, including leased ones.`,
    response: 'Tasks',
  },
  {
    id: 'tasks.insert',
    httpMethod: 'POST',
    path: '/tasks',
    description: 'Insert a task into a queue.',
    upload: uploadSchema,
    request: 'NewTask',
    response: 'Task',
  },
  {
    id: 'tasks.lease',
    httpMethod: 'POST',
    path: '/tasks/lease',
    description: 'Lease available tasks, oldest first.',
    query: leaseSchema,
    response: 'Tasks',
  },
  {
    id: 'tasks.get',
    httpMethod: 'GET',
    path: '/tasks/{task}',
    description: 'Get a task.',
    response: 'Task',
  },
  {
    id: 'tasks.update',
    httpMethod: 'POST',
    path: '/tasks/{task}',
    description: 'Move the end of a lease, given the whole task; its tag is stored.',
    query: renewSchema,
    request: 'Task',
    response: 'Task',
  },
  {
    id: 'tasks.patch',
    httpMethod: 'PATCH',
    path: '/tasks/{task}',
    description: 'Move the end of a lease, given at least the queueName; a tag given with it is stored.',
    query: renewSchema,
    request: 'TaskPatch',
    response: 'Task',
  },
  {
    id: 'tasks.delete',
    httpMethod: 'DELETE',
    path: '/tasks/{task}',
    description: 'Delete a task.',
  },
];
