import { TaskError, type Compose } from '../print/document.ts';
import type { Lease } from './lease.ts';
import { untilAborted, withDeadline } from '../../service/deadline.ts';
import { finishPdf } from '../print/pdf/finish.ts';
import type { Printer } from '../print/printer.ts';
import type { PdfDocument } from './result.ts';
import { decodeTask, isLastTry, isSpent, timeLimitSeconds, type TaskLimits } from './task.ts';

/** What a try of a task came to. */
export type Outcome =
  | { kind: 'document'; document: PdfDocument }
  /** The task cannot be rendered: its result says why. */
  | { kind: 'failure'; reason: string }
  /** The task is to be tried again, by whoever leases it next. */
  | { kind: 'retry'; reason: string }
  /** We are to end before the task could: somebody else renders it. */
  | { kind: 'stopped' }
  /** The task is not ours any more. */
  | { kind: 'lost' };

export interface AttemptOptions {
  compose: Compose;
  printer: Printer;
  limits: TaskLimits;
  /** Aborted when the task at hand is to be dropped. */
  stopped: AbortSignal;
}

/** Turns a leased task into a PDF within the time that this try has. Never rejects. */
export async function attempt(lease: Lease, options: AttemptOptions): Promise<Outcome> {
  const { compose, printer, limits, stopped } = options;
  const { task } = lease;
  if (isSpent(task, limits)) {
    const tries = task.retry_count - 1;
    return { kind: 'failure', reason: `The task was tried ${tries} times and never came to an end.` };
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
    return failedTry(lease, limits, error instanceof Error ? error.message : String(error));
  }
}

/** A try that came to nothing: another one, or, when it was the last, a failure that says so. */
export function failedTry(lease: Lease, limits: TaskLimits, reason: string): Outcome {
  if (!isLastTry(lease.task, limits)) return { kind: 'retry', reason };
  const tries = lease.task.retry_count;
  return { kind: 'failure', reason: `Rendering failed, after ${tries} tries: ${reason}` };
}
