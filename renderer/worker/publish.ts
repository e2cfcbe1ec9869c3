import type { Logger } from 'pino';
import type { QueueClient } from '../../queue/client.ts';
import { QueueError } from '../../queue/wire/faults.ts';
import type { FaultReason } from '../../queue/wire/faults.ts';
import { RESULT_TAG, resultIdOf } from '../../queue/wire/render.ts';
import { exponentialBackoff, retry } from '../../service/backoff.ts';
import type { DocumentStorage } from '../storage/storage.ts';
import { failedAttempt, type Outcome } from './attempt.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Lease } from './lease.ts';
import {
  documentNameOf,
  documentPayload,
  encodedSize,
  failurePayload,
  linkPayload,
  type PdfDocument,
} from './result.ts';
import type { TaskLimits } from './task.ts';

/** A lease that was confirmed longer ago is renewed before the result is inserted. */
const PROOF_MILLISECONDS = 1000;

const BACKOFF = exponentialBackoff({ firstMs: 100, mostMs: 5000 });

const NAME_TAKEN: FaultReason = 'taskNameTaken';

/** What finally happened to a task. */
export type Ending = 'document' | 'link' | 'failure' | 'retry' | 'stopped' | 'lost';

export interface PublishOptions {
  client: QueueClient;
  heartbeat: Heartbeat;
  storage: DocumentStorage | undefined;
  limits: TaskLimits;
  /** Bytes of a result in the queue; a larger document is saved in the storage and linked to. */
  maxQueueTaskSize: number;
  logger: Logger;
  /** Aborted when there is no time left to wait for a queue that does not answer. */
  abandoned: AbortSignal;
}

/**
 * Publishes the outcome of an attempt: inserts the result and deletes the task, or releases the task. While the queue is
 * unreachable this is tried again for as long as the lease lasts. Never rejects.
 */
export async function publish(lease: Lease, outcome: Outcome, options: PublishOptions): Promise<Ending> {
  try {
    return await settle(lease, outcome, options);
  } catch (error) {
    if (lease.lost.aborted) return 'lost';
    options.logger.error({ err: error, task: lease.task.id }, 'publishing a result failed');
    const reason = `Publishing the result failed: ${(error as Error).message}`;
    const failed = failedAttempt(lease, options.limits, reason);
    return await settle(lease, failed, options).catch(() => 'lost' as const);
  } finally {
    options.heartbeat.remove(lease);
  }
}

async function settle(lease: Lease, outcome: Outcome, options: PublishOptions): Promise<Ending> {
  switch (outcome.kind) {
    case 'document': {
      const { payload, ending } = await payloadOf(lease, outcome.document, options);
      return await replaceByResult(lease, payload, ending, options);
    }
    case 'failure':
      return await replaceByResult(lease, failurePayload(outcome.reason), 'failure', options);
    case 'retry':
    case 'stopped':
      await persist(() => lease.release(), lease, options);
      return outcome.kind;
    case 'lost':
      return 'lost';
  }
}

async function payloadOf(
  lease: Lease,
  document: PdfDocument,
  { storage, maxQueueTaskSize }: PublishOptions,
): Promise<{ payload: string; ending: Ending }> {
  const taskId = lease.task.id;
  const payload = documentPayload(document);
  const size = encodedSize(resultIdOf(taskId), Buffer.byteLength(payload));
  if (size <= maxQueueTaskSize) return { payload, ending: 'document' };
  if (!storage) {
    const reason =
      `The document takes ${size} bytes in the queue, more than the ${maxQueueTaskSize} allowed (MAX_QUEUE_TASK_SIZE), ` +
      'and no storage is configured (BUCKET_SAVE_DIRECTORY or S3_BUCKET).';
    return { payload: failurePayload(reason), ending: 'failure' };
  }
  const url = await storage.save(documentNameOf(taskId), document.pdf, document.filename);
  return { payload: linkPayload(url), ending: 'link' };
}

/** Why a task has one result, however often and by whomever it is rendered: docs/adr, "One result per task". */
async function replaceByResult(
  lease: Lease,
  payload: string,
  ending: Ending,
  options: PublishOptions,
): Promise<Ending> {
  const id = resultIdOf(lease.task.id);
  if (lease.age > PROOF_MILLISECONDS) await persist(() => lease.renew(), lease, options);
  if (lease.lost.aborted) return 'lost';
  await persist(() => insertOnce(options.client, { id, payload }), lease, options);
  await persist(() => lease.finish(), lease, options);
  return ending;
}

/** Inserts a result unless it exists. Throws for every other fault, so that the task is not deleted without a result. */
async function insertOnce(
  client: QueueClient,
  { id, payload }: { id: string; payload: string },
): Promise<void> {
  try {
    await client.insert({ id, payload, tag: RESULT_TAG });
  } catch (error) {
    if (!(error instanceof QueueError && error.reason === NAME_TAKEN)) throw error;
  }
}

/** Repeats a call to the queue while the queue is unreachable and the lease lasts. */
async function persist(
  call: () => Promise<unknown>,
  lease: Lease,
  { logger, abandoned }: PublishOptions,
): Promise<void> {
  await retry(call, {
    backoff: BACKOFF,
    signals: [abandoned, lease.lost],
    isTransient,
    onRetry: (error) => {
      logger.warn({ err: error, task: lease.task.id }, 'the queue is unreachable, trying again');
    },
  });
}

function isTransient(error: unknown): boolean {
  return !(error instanceof QueueError) || error.code >= 500 || error.code === 429 || error.code === 408;
}
