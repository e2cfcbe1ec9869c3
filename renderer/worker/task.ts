import type { Task } from '../../queue/wire/contract.ts';
import { TaskError } from '../print/document.ts';

/** How long and how often a task is attempted; times in seconds. */
export interface TaskLimits {
  taskSeconds: number;
  taskTimeMult: number;
  taskRetryLimit: number;
}

/**
 * Decodes the JSON value that a task carries, whatever it means.
 *
 * @throws TaskError when the payload is not JSON in UTF-8
 */
export function decodeTask(task: Pick<Task, 'payloadBase64'>): unknown {
  if (!/^[\w+/-]*={0,2}$/.test(task.payloadBase64)) {
    throw new TaskError('payloadBase64 is not valid base64.');
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

/** The time limit of this attempt in whole seconds, at least one: each retry is given more. */
export function timeLimitSeconds(task: Pick<Task, 'retry_count'>, limits: TaskLimits): number {
  const { taskSeconds, taskTimeMult } = limits;
  return Math.max(1, Math.trunc(taskSeconds + taskSeconds * taskTimeMult * retriesOf(task)));
}

/** How often a leased task was attempted before: the first lease makes its retry_count 1. */
function retriesOf(task: Pick<Task, 'retry_count'>): number {
  return Math.max(0, task.retry_count - 1);
}

/** Whether this is the last attempt that the limit allows. */
export function isLastAttempt(task: Pick<Task, 'retry_count'>, { taskRetryLimit }: TaskLimits): boolean {
  return task.retry_count >= taskRetryLimit;
}

/** Whether a task was leased more often than the limit allows, without any of these attempts reporting an outcome. */
export function isExhausted(task: Pick<Task, 'retry_count'>, { taskRetryLimit }: TaskLimits): boolean {
  return task.retry_count > taskRetryLimit;
}
