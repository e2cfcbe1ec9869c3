import { QueueError } from '../queue/client.ts';
import type { Task } from '../queue/wire/contract.ts';
import { RESULT_TAG } from '../queue/wire/render.ts';
import { prepareOutput, saveResult, type Saved } from './save.ts';
import { CliError, EXIT, type Session } from './session.ts';

const BATCH = 20;
const LEASE_SECONDS = 120;
/** How long one call waits for a result when more are expected, in seconds. */
const WAIT_SECONDS = 20;

export interface DocumentOptions {
  output: string;
  /** Leave the results in the queue. */
  keep?: boolean;
  /** Go on with results to come, until interrupted. */
  watch?: boolean;
}

/**
 * Saves the PDFs of the results that are in the queue and deletes those results. One that cannot be saved stays in the
 * queue; a result that says a task failed is reported, and the command ends with a code for it.
 */
export async function document(
  session: Session,
  { output, keep = false, watch = false }: DocumentOptions,
): Promise<void> {
  const { client, note, signal } = session;
  await prepareOutput(output);
  const held = new Set<Task>();
  const count = { saved: 0, failed: 0, kept: 0 };
  try {
    for (;;) {
      const waitSecs = watch ? WAIT_SECONDS : 0;
      const tasks = await client.lease(
        { numTasks: BATCH, leaseSecs: LEASE_SECONDS, tag: RESULT_TAG, waitSecs },
        signal,
      );
      if (tasks.length === 0 && !watch) break;
      for (const task of tasks) held.add(task);
      for (const task of tasks) {
        const outcome = await attempt(session, task, output);
        count[outcome] += 1;
        if (outcome === 'kept' || keep) continue;
        await client.delete(task);
        held.delete(task);
      }
    }
  } finally {
    await Promise.all([...held].map((task) => handBack(session, task)));
  }
  const total = count.saved + count.failed + count.kept;
  if (total === 0) note('No result is in the queue.');
  if (count.saved < total) {
    throw new CliError(
      `${count.saved} of ${total} results saved; ${count.failed} tasks failed, ${count.kept} results stay in the queue.`,
      EXIT.failed,
    );
  }
}

async function attempt(session: Session, task: Task, output: string): Promise<'saved' | 'failed' | 'kept'> {
  try {
    const outcome = await saveResult(task, output, session.signal);
    report(session, task.id, outcome);
    return 'error' in outcome ? 'failed' : 'saved';
  } catch (error) {
    session.signal.throwIfAborted();
    report(session, task.id, {
      error: `cannot be saved: ${error instanceof Error ? error.message : String(error)}`,
    });
    return 'kept';
  }
}

/** Tells where one document was saved, or why there is none. */
export function report({ json, print, note }: Session, task: string, saved: Saved): void {
  if (json) print(JSON.stringify({ task, ...saved }));
  else if ('error' in saved) note(`${task}: ${saved.error}`);
  else print(saved.path);
}

async function handBack({ client }: Session, task: Task): Promise<void> {
  try {
    await client.renew(task, 0);
  } catch (error) {
    // The lease is over already, so the result is available again by itself.
    if (!(error instanceof QueueError)) throw error;
  }
}
