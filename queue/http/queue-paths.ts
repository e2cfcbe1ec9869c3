import type { QueueRef } from '../store/task-store.ts';
import { PROJECT_NAME, projectNameSchema, QUEUE_NAME, queueNameSchema, TASK_ID } from '../wire/contract.ts';
import { faults, QueueFault } from '../wire/faults.ts';
import { QUEUE_PATH } from '../wire/methods.ts';
import type { QueryParameters } from './request-readers.ts';
import { isKnownQueue, type QueueSettings } from './settings.ts';

/** The path of a queue as fastify writes it. */
export const QUEUE_URL = QUEUE_PATH.replaceAll(/\{(\w+)\}/g, ':$1');

export interface QueueRoute {
  Params: { project: string; taskqueue: string };
  Querystring: QueryParameters;
}

export interface TaskRoute extends QueueRoute {
  Params: QueueRoute['Params'] & { task: string };
}

/** The queue that a path names; throws a fault for an invalid name and for a queue that the service does not have. */
export function queueOf({ project, taskqueue }: QueueRoute['Params'], settings: QueueSettings): QueueRef {
  const name = PROJECT_NAME.exec(project)?.[1];
  if (name === undefined)
    throw new QueueFault(
      'invalidProjectName',
      `Project name is invalid: it ${whatIsAllowed(projectNameSchema)}.`,
    );
  if (!QUEUE_NAME.test(taskqueue))
    throw new QueueFault('invalidQueueName', `Queue name is invalid: it ${whatIsAllowed(queueNameSchema)}.`);
  const queue = { project: name, queue: taskqueue };
  if (!isKnownQueue(settings, queue))
    throw new QueueFault('queueNotFound', `Queue ${taskqueue} is not one of the queues of this service.`);
  return queue;
}

/** The task that a path names; throws the fault for an unknown one when no task can have the name. */
export function taskOf({ task }: TaskRoute['Params']): string {
  if (!TASK_ID.test(task)) throw faults.taskNotFound();
  return task;
}

function whatIsAllowed(schema: typeof queueNameSchema): string {
  return schema.safeParse('').error?.issues[0]?.message ?? 'is not allowed';
}
