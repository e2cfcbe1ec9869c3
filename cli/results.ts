import type { QueueClient } from '../queue/client.ts';
import { QueueError } from '../queue/wire/faults.ts';
import type { Task } from '../queue/wire/contract.ts';
import { RESULT_TAG, resultIdOf } from '../queue/wire/render.ts';
import { exponentialBackoff, pause } from '../service/backoff.ts';
import { prepareOutput, saveResult, STDOUT, type Saved } from './save.ts';
import { CliError, EXIT, type Session } from './session.ts';

const BATCH = 20;
const LEASE_SECONDS = 120;
/** How long one call waits for more results, in seconds. */
const WAIT_SECONDS = 20;
const BACKOFF = exponentialBackoff({ firstMs: 50, mostMs: 1000, factor: 1.5 });

export interface DocumentOptions {
  output: string;
  /** Leave the results in the queue. */
  keep?: boolean;
  /** Wait for further results, until interrupted. */
  watch?: boolean;
}

/**
 * Saves the PDFs of the results in the queue and deletes those results. A result that cannot be saved stays in the queue; one
 * that reports a failed task is printed, and the command ends with an exit code for it.
 */
export async function document(
  session: Session,
  { output, keep = false, watch = false }: DocumentOptions,
): Promise<void> {
  const { client, note, signal } = session;
  if (output === STDOUT)
    throw new CliError('--output is "-", which takes one PDF only; allowed: a folder.', EXIT.usage);
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
        const outcome = await trySaving(session, task, output);
        count[outcome] += 1;
        if (outcome === 'kept' || keep) continue;
        await client.delete(task);
        held.delete(task);
      }
    }
  } finally {
    await Promise.all([...held].map((task) => release(session, task)));
  }
  const total = count.saved + count.failed + count.kept;
  if (total === 0) note('The queue has no results.');
  if (count.saved < total) {
    throw new CliError(
      `${count.saved} of ${total} results saved; ${count.failed} tasks failed, ${count.kept} results stay in the queue.`,
      EXIT.failed,
    );
  }
}

async function trySaving(session: Session, task: Task, output: string): Promise<'saved' | 'failed' | 'kept'> {
  try {
    const saved = await saveResult(task, output, session.signal);
    report(session, task.id, saved);
    return 'error' in saved ? 'failed' : 'saved';
  } catch (error) {
    session.signal.throwIfAborted();
    report(session, task.id, {
      error: `cannot be saved: ${error instanceof Error ? error.message : String(error)}`,
    });
    return 'kept';
  }
}

async function release({ client }: Session, task: Task): Promise<void> {
  try {
    await client.renew(task, 0);
  } catch (error) {
    // The lease has ended, so the result is available again.
    if (!(error instanceof QueueError)) throw error;
  }
}

export interface WaitOptions {
  output: string;
  /** Milliseconds since the epoch at which waiting ends. */
  deadline: number;
}

/**
 * Waits for a task's result, saves its PDF and deletes the result. Resolves to whether the task succeeded.
 *
 * @throws CliError when somebody else took the result, or the deadline passed
 */
export async function awaitResult(
  session: Session,
  taskId: string,
  { output, deadline }: WaitOptions,
): Promise<boolean> {
  const result = await waitForResult(session, taskId, deadline);
  const saved = await saveResult(result, output, session.signal);
  // Standard output takes the PDF and nothing else.
  report(output === STDOUT ? { ...session, json: false } : session, taskId, saved);
  await session.client.delete(result.id, session.signal);
  return !('error' in saved);
}

async function waitForResult({ client, signal }: Session, taskId: string, deadline: number): Promise<Task> {
  const resultId = resultIdOf(taskId);
  for (let looks = 1; ; looks++) {
    // A task is deleted after its result is there. Asking for the task first, a missing result is missing for good.
    const task = await find(client, taskId, signal);
    const result = await find(client, resultId, signal);
    if (result) return result;
    if (!task) throw new CliError(`${taskId}: the task was deleted, or its result was taken.`, EXIT.failed);
    if (Date.now() > deadline) {
      throw new CliError(
        `${taskId}: no result yet. Run "renderfleet document" later to save it.`,
        EXIT.timeout,
      );
    }
    await pause(BACKOFF(looks), signal);
  }
}

async function find(client: QueueClient, id: string, signal: AbortSignal): Promise<Task | undefined> {
  try {
    return await client.get(id, signal);
  } catch (error) {
    if (error instanceof QueueError && error.reason === 'taskNotFound') return undefined;
    throw error;
  }
}

function report({ json, print, note }: Session, task: string, saved: Saved): void {
  if ('path' in saved && saved.path === STDOUT) return;
  if (json) print(JSON.stringify({ task, ...saved }));
  else if ('error' in saved) note(`${task}: ${saved.error}`);
  else print(saved.path);
}
