import type { Task } from '../../queue/wire/contract.ts';
import { TaskError } from '../print/document.ts';

/** How long and how often a task is tried; times in seconds. */
export interface TaskLimits {
  taskSeconds: number;
  taskTimeMult: number;
  taskRetryLimit: number;
}

/**
 * The JSON value that a task carries.
 *
 * @throws TaskError when the payload is no UTF-8 JSON; what the value means is for the composer to judge.
 */
export function decodeTask(task: Pick<Task, 'payloadBase64'>): unknown {
  if (!/^[\w+/-]*={0,2}$/.test(task.payloadBase64)) {
    throw new TaskError('payloadBase64: is not base64.');
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(task.payloadBase64, 'base64'));
  } catch {
    throw new TaskError('The payload is not UTF-8 text; it must be a JSON object.');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new TaskError(`The payload is not JSON: ${(error as Error).message}.`);
  }
}

/**
 * How long this try of a task may take, in whole seconds: each retry is given more. A lease of zero seconds is no lease, so
 * a time limit is at least one second.
 */
export function timeLimitSeconds(task: Pick<Task, 'retry_count'>, limits: TaskLimits): number {
  const { taskSeconds, taskTimeMult } = limits;
  return Math.max(1, Math.trunc(taskSeconds + taskSeconds * taskTimeMult * retriesOf(task)));
}

/** How often a leased task has been tried before: the first lease makes its retry_count 1. */
export function retriesOf(task: Pick<Task, 'retry_count'>): number {
  return Math.max(0, task.retry_count - 1);
}

/** Whether a failure now would be the last that the limit allows. */
export function isLastTry(task: Pick<Task, 'retry_count'>, { taskRetryLimit }: TaskLimits): boolean {
  return task.retry_count >= taskRetryLimit;
}

/** Whether a task was leased more often than it may be tried, so that whoever tried it never came to an end with it. */
export function isSpent(task: Pick<Task, 'retry_count'>, { taskRetryLimit }: TaskLimits): boolean {
  return task.retry_count > taskRetryLimit;
}
