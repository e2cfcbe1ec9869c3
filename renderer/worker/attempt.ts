import { untilAborted, withDeadline } from '../../service/deadline.ts';
import type { Compose } from '../compose/compose.ts';
import { TaskError, type Printer } from '../print/document.ts';
import { finishPdf } from '../print/pdf/finish.ts';
import type { Lease } from './lease.ts';
import type { PdfDocument } from './result.ts';
import { decodeTask, isExhausted, isLastAttempt, timeLimitSeconds, type TaskLimits } from './task.ts';

/** The outcome of an attempt at a task. */
export type Outcome =
  | { kind: 'document'; document: PdfDocument }
  /** The task cannot be rendered: its result says why. */
  | { kind: 'failure'; reason: string }
  /** The task must be tried again, by whoever leases it next. */
  | { kind: 'retry'; reason: string }
  /** This renderer is stopping: another one renders the task. */
  | { kind: 'stopped' }
  /** This process no longer holds the task. */
  | { kind: 'lost' };

export interface AttemptOptions {
  compose: Compose;
  printer: Printer;
  limits: TaskLimits;
  /** Aborted when the current task must be dropped. */
  stopped: AbortSignal;
}

/** Turns a leased task into a PDF within the time limit of this attempt. Never rejects. */
export async function attempt(lease: Lease, options: AttemptOptions): Promise<Outcome> {
  const { compose, printer, limits, stopped } = options;
  const { task } = lease;
  if (isExhausted(task, limits)) {
    const attempts = task.retry_count - 1;
    return { kind: 'failure', reason: `The task did not complete in ${attempts} attempts.` };
  }
  const seconds = timeLimitSeconds(task, limits);
  const overdue = new Error(`Rendering took longer than ${seconds} s.`);
  const limit = { signals: [lease.lost, stopped], milliseconds: seconds * 1000, overdue };
  try {
    return await withDeadline(limit, async (signal) => {
      const document = await untilAborted(compose(decodeTask(task), task.id), signal);
      const pdf = finishPdf(await printer.print(document, signal), document);
      return { kind: 'document', document: { filename: document.filename, pdf } };
    });
  } catch (error) {
    if (lease.lost.aborted) return { kind: 'lost' };
    if (stopped.aborted) return { kind: 'stopped' };
    if (error instanceof TaskError) return { kind: 'failure', reason: error.message };
    return failedAttempt(lease, limits, error instanceof Error ? error.message : String(error));
  }
}

/** The outcome of an attempt that failed: another one, or a failure if it was the last. */
export function failedAttempt(lease: Lease, limits: TaskLimits, reason: string): Outcome {
  if (!isLastAttempt(lease.task, limits)) return { kind: 'retry', reason };
  const attempts = lease.task.retry_count;
  return { kind: 'failure', reason: `Rendering failed after ${attempts} attempts: ${reason}` };
}
