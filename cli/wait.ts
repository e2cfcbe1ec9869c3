import { QueueError, type QueueClient } from '../queue/client.ts';
import type { Task } from '../queue/wire/contract.ts';
import { exponentialBackoff, pause } from '../service/backoff.ts';
import { resultIdOf } from '../renderer/worker/result.ts';
import { report } from './document.ts';
import { saveResult } from './save.ts';
import { CliError, EXIT, type Session } from './session.ts';

const BACKOFF = exponentialBackoff({ firstMs: 50, mostMs: 1000, factor: 1.5 });

export interface WaitOptions {
  output: string;
  /** Milliseconds since the epoch at which waiting ends. */
  deadline: number;
}

/** Waits for a task's result, saves its PDF and deletes the result. Resolves to whether the task succeeded. */
export async function awaitResult(
  session: Session,
  taskId: string,
  { output, deadline }: WaitOptions,
): Promise<boolean> {
  const result = await waitForResult(session, taskId, deadline);
  const saved = await saveResult(result, output, session.signal);
  report(session, taskId, saved);
  await session.client.delete(result.id, session.signal);
  return !('error' in saved);
}

async function waitForResult({ client, signal }: Session, taskId: string, deadline: number): Promise<Task> {
  const resultId = resultIdOf(taskId);
  for (let looks = 1; ; looks++) {
    // The task goes only after its result has come, so it is asked for first: then a missing result is missing for good.
    const task = await find(client, taskId, signal);
    const result = await find(client, resultId, signal);
    if (result) return result;
    if (!task)
      throw new CliError(`${taskId}: somebody else took its result, or deleted the task.`, EXIT.failed);
    if (Date.now() > deadline) {
      throw new CliError(
        `${taskId}: no result yet. "renderfleet document" saves it when it has come.`,
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
    if (error instanceof QueueError && error.code === 404) return undefined;
    throw error;
  }
}
