/** The API's resources and parameters, described once for the discovery document and for OpenAPI. */
import { LIMITS } from '../wire/contract.ts';

export interface Property {
  type: string;
  format?: string;
  description: string;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Property>;
  items?: { type?: string; $ref?: string };
}

/** Schemas of Task, Tasks and TaskQueue. @param int64 how 64-bit integers travel */
export function resourceSchemas(int64: 'number' | 'string'): Record<string, Record<string, Property>> {
  const long = (description: string): Property => ({
    type: int64 === 'string' ? 'string' : 'integer',
    format: 'int64',
    description,
  });
  const text = (description: string): Property => ({ type: 'string', description });
  const count = (description: string): Property => ({ type: 'integer', format: 'int32', description });
  return {
    Task: {
      kind: text('Always taskqueues#task.'),
      id: text('Name of the task, unique in its queue; made up when none is given.'),
      queueName: text('Name of the queue that the task is in.'),
      payloadBase64: text(`Payload in base64, at most ${LIMITS.payloadBytes} bytes decoded.`),
      enqueueTimestamp: long('When the task was inserted, in microseconds since the epoch.'),
      leaseTimestamp: long('When the newest lease ends, in microseconds since the epoch; 0 if never leased.'),
      retry_count: count('How often the task has been leased.'),
      tag: text('Tag of the task; absent when it has none.'),
    },
    Tasks: {
      kind: text('Always taskqueue#tasks.'),
      items: { type: 'array', items: { $ref: 'Task' }, description: 'The tasks, oldest ETA first.' },
    },
    TaskQueue: {
      kind: text('Always taskqueues#taskqueue.'),
      id: text('projects/{project}/taskqueues/{taskqueue}'),
      maxLeases: count('How many tasks one call can lease.'),
      stats: {
        type: 'object',
        description: 'Counts, when getStats is true.',
        properties: {
          totalTasks: count('Tasks in the queue, leased ones included.'),
          oldestTask: long('Enqueue time of the next task to lease, in seconds since the epoch.'),
          leasedLastMinute: long('Leases in the last minute.'),
          leasedLastHour: long('Leases in the last hour.'),
          availableTasks: count('Tasks that can be leased now; with tag or ifTotalTasksNot only.'),
          leasedTasks: count('Tasks that are leased now; with tag or ifTotalTasksNot only.'),
        },
      },
      acl: {
        type: 'object',
        description: 'Who may do what, by the names of their tokens.',
        properties: Object.fromEntries(
          ['adminEmails', 'consumerEmails', 'producerEmails'].map((name) => [
            name,
            { type: 'array', items: { type: 'string' }, description: `Names of the ${name.slice(0, 8)}s.` },
          ]),
        ),
      },
    },
  };
}

export interface Parameter {
  type: 'string' | 'integer' | 'boolean';
  location: 'path' | 'query';
  required?: boolean;
  minimum?: number;
  maximum?: number;
  default?: string;
  description: string;
}

const path = (description: string): Parameter => ({
  type: 'string',
  location: 'path',
  required: true,
  description,
});
const seconds = (description: string, required = true): Parameter => ({
  type: 'integer',
  location: 'query',
  required,
  minimum: 0,
  maximum: LIMITS.leaseSeconds,
  description,
});
const waitSecs = (description: string): Parameter => ({
  ...seconds(description, false),
  maximum: LIMITS.waitSeconds,
});

export const PARAMETERS = {
  project: path('The project that the queue is in; a prefix b~, s~ or e~ is dropped.'),
  taskqueue: path('The name of the queue.'),
  task: path('The name of the task.'),
  getStats: {
    type: 'boolean',
    location: 'query',
    default: 'false',
    description: 'Whether to answer with counts.',
  },
  statsTag: {
    type: 'string',
    location: 'query',
    description: 'With getStats: counts of tasks with this tag only; empty for untagged ones.',
  },
  ifTotalTasksNot: {
    type: 'integer',
    location: 'query',
    minimum: 0,
    description: 'With getStats and waitSecs: wait for the total to be another one than this.',
  },
  statsWaitSecs: waitSecs('With ifTotalTasksNot: how many seconds to wait for a change at most.'),
  numTasks: {
    type: 'integer',
    location: 'query',
    required: true,
    minimum: 1,
    maximum: LIMITS.leaseTasks,
    description: 'How many tasks to lease at most.',
  },
  leaseSecs: seconds('How many seconds to lease them for.'),
  groupByTag: {
    type: 'boolean',
    location: 'query',
    default: 'false',
    description: 'Whether to lease tasks of one tag only: the given one, else that of the oldest task.',
  },
  tag: { type: 'string', location: 'query', description: 'The tag to lease; needs groupByTag=true.' },
  waitSecs: waitSecs('How many seconds to wait for a task instead of answering empty.'),
  newLeaseSeconds: seconds('How many seconds from now the lease is to end; 0 gives the task back.'),
} as const satisfies Record<string, Parameter>;

export interface Method {
  id: string;
  httpMethod: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the queue's own path. */
  path: '' | '/tasks' | '/tasks/lease' | '/tasks/{task}';
  description: string;
  /** Parameters by the name they travel under, besides project and taskqueue. */
  parameters: Record<string, Parameter>;
  request?: 'Task';
  response?: 'Task' | 'Tasks' | 'TaskQueue';
}

const P = PARAMETERS;

export const METHODS: readonly Method[] = [
  {
    id: 'taskqueues.get',
    httpMethod: 'GET',
    path: '',
    description: 'Get detailed information about a queue.',
    parameters: {
      getStats: P.getStats,
      tag: P.statsTag,
      ifTotalTasksNot: P.ifTotalTasksNot,
      waitSecs: P.statsWaitSecs,
    },
    response: 'TaskQueue',
  },
  {
    id: 'tasks.list',
    httpMethod: 'GET',
    path: '/tasks',
    description: `List the first ${LIMITS.listTasks} tasks of a queue, leased ones included.`,
    parameters: {},
    response: 'Tasks',
  },
  {
    id: 'tasks.insert',
    httpMethod: 'POST',
    path: '/tasks',
    description: 'Insert a task into a queue.',
    parameters: {},
    request: 'Task',
    response: 'Task',
  },
  {
    id: 'tasks.lease',
    httpMethod: 'POST',
    path: '/tasks/lease',
    description: 'Lease available tasks, oldest first.',
    parameters: {
      numTasks: P.numTasks,
      leaseSecs: P.leaseSecs,
      groupByTag: P.groupByTag,
      tag: P.tag,
      waitSecs: P.waitSecs,
    },
    response: 'Tasks',
  },
  {
    id: 'tasks.get',
    httpMethod: 'GET',
    path: '/tasks/{task}',
    description: 'Get a task.',
    parameters: { task: P.task },
    response: 'Task',
  },
  {
    id: 'tasks.update',
    httpMethod: 'POST',
    path: '/tasks/{task}',
    description: 'Move the end of a lease, given the whole task.',
    parameters: { task: P.task, newLeaseSeconds: P.newLeaseSeconds },
    request: 'Task',
    response: 'Task',
  },
  {
    id: 'tasks.patch',
    httpMethod: 'PATCH',
    path: '/tasks/{task}',
    description: 'Move the end of a lease, given at least the queueName; a tag given with it is stored.',
    parameters: { task: P.task, newLeaseSeconds: P.newLeaseSeconds },
    request: 'Task',
    response: 'Task',
  },
  {
    id: 'tasks.delete',
    httpMethod: 'DELETE',
    path: '/tasks/{task}',
    description: 'Delete a task.',
    parameters: { task: P.task },
  },
];
