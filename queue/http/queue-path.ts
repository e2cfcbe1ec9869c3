import { QUEUE_NAME } from '../wire/contract.ts';
import { QueueFault } from '../wire/faults.ts';
import type { QueueRef } from '../store/task-store.ts';
import { isKnownQueue, type QueueSettings } from './settings.ts';

export const QUEUE_PATH = '/taskqueue/v1beta2/projects/:project/taskqueues/:taskqueue';

export interface QueueParams {
  project: string;
  taskqueue: string;
}

const PROJECT = /^[a-zA-Z0-9._:-]{1,100}$/;
const PARTITION = /^[bse]~/;

/** The queue that a path names; throws a fault for a malformed name and for a queue that the service does not have. */
export function queueOf({ project, taskqueue }: QueueParams, settings: QueueSettings): QueueRef {
  const name = project.replace(PARTITION, '');
  if (!PROJECT.test(name))
    throw new QueueFault(
      'invalidProjectName',
      'Project name is invalid: it must be 1 to 100 of the characters a-z, A-Z, 0-9, ., _, : and -.',
    );
  if (!QUEUE_NAME.test(taskqueue))
    throw new QueueFault(
      'invalidQueueName',
      'Queue name is invalid: it must be 1 to 100 of the characters a-z, A-Z, 0-9, _ and -.',
    );
  const queue = { project: name, queue: taskqueue };
  if (!isKnownQueue(settings, queue))
    throw new QueueFault('queueNotFound', `Queue ${taskqueue} is not one of the queues of this service.`);
  return queue;
}
