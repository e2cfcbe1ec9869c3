import type { Logger } from 'pino';
import { QueueError, type QueueClient } from '../../queue/client.ts';
import { exponentialBackoff, retry } from '../../service/backoff.ts';
import { failedTry, type Outcome } from './attempt.ts';
import type { Lease } from './lease.ts';
import type { LeaseKeeper } from './heartbeat.ts';
import {
  documentNameOf,
  documentPayload,
  encodedSize,
  failurePayload,
  linkPayload,
  resultIdOf,
  type PdfDocument,
} from './result.ts';
import type { DocumentStorage } from '../storage/storage.ts';
import { RESULT_TAG, type TaskLimits } from './task.ts';

/** A task held for longer is asked for once more before its result is put in. */
const PROOF_MILLISECONDS = 1000;

const BACKOFF = exponentialBackoff({ firstMs: 100, mostMs: 5000 });

/** What was done with a task in the end. */
export type Ending = 'document' | 'link' | 'failure' | 'retry' | 'stopped' | 'lost';

export interface DeliveryOptions {
  client: QueueClient;
  keeper: LeaseKeeper;
  storage: DocumentStorage | undefined;
  limits: TaskLimits;
  maxQueueTaskSize: number;
  logger: Logger;
  /** Aborted when there is no time left to wait for a queue that does not answer. */
  abandoned: AbortSignal;
}

/**
 * Brings a try of a task to its end: the result goes in and the task out, or the task goes back. While the queue cannot be
 * reached this is tried again for as long as the lease is ours. Never rejects.
 */
export async function deliver(lease: Lease, outcome: Outcome, options: DeliveryOptions): Promise<Ending> {
  try {
    return await settle(lease, outcome, options);
  } catch (error) {
    if (lease.lost.aborted) return 'lost';
    const reason = `Its result could not be put in: ${(error as Error).message}`;
    options.logger.error({ err: error, task: lease.task.id }, 'a result could not be put in');
    const failed = failedTry(lease, options.limits, reason);
    return await settle(lease, failed, options).catch(() => 'lost' as const);
  } finally {
    options.keeper.release(lease);
  }
}

async function settle(lease: Lease, outcome: Outcome, options: DeliveryOptions): Promise<Ending> {
  switch (outcome.kind) {
    case 'document': {
      const { payload, ending } = await payloadOf(lease, outcome.document, options);
      return await replaceByResult(lease, payload, ending, options);
    }
    case 'failure':
      return await replaceByResult(lease, failurePayload(outcome.reason), 'failure', options);
    case 'retry':
    case 'stopped':
      await persist(() => lease.giveBack(), lease, options);
      return outcome.kind;
    case 'lost':
      return 'lost';
  }
}

async function payloadOf(
  lease: Lease,
  document: PdfDocument,
  { storage, maxQueueTaskSize }: DeliveryOptions,
): Promise<{ payload: string; ending: Ending }> {
  const taskId = lease.task.id;
  const payload = documentPayload(document);
  const size = encodedSize(resultIdOf(taskId), Buffer.byteLength(payload));
  if (size <= maxQueueTaskSize) return { payload, ending: 'document' };
  if (!storage) {
    const reason =
      `The document takes ${size} bytes in the queue, more than the ${maxQueueTaskSize} allowed (MAX_QUEUE_TASK_SIZE), ` +
      'and there is no other place for it (BUCKET_SAVE_DIRECTORY or S3_BUCKET).';
    return { payload: failurePayload(reason), ending: 'failure' };
  }
  const url = await storage.save(documentNameOf(taskId), document.pdf, document.filename);
  return { payload: linkPayload(url), ending: 'link' };
}

/** Why a task has one result, whoever renders it and however often: docs/adr/0011. */
async function replaceByResult(
  lease: Lease,
  payload: string,
  ending: Ending,
  options: DeliveryOptions,
): Promise<Ending> {
  const id = resultIdOf(lease.task.id);
  if (lease.age > PROOF_MILLISECONDS) await persist(() => lease.renew(), lease, options);
  if (lease.lost.aborted) return 'lost';
  await persist(() => insertOnce(options.client, { id, payload }), lease, options);
  await persist(() => lease.finish(), lease, options);
  return ending;
}

async function insertOnce(
  client: QueueClient,
  { id, payload }: { id: string; payload: string },
): Promise<void> {
  try {
    await client.insert({ id, payload, tag: RESULT_TAG });
  } catch (error) {
    const isThere =
      error instanceof QueueError && error.code === 400 && error.message.includes('name is invalid');
    if (!isThere) throw error;
  }
}

/** Does what needs the queue, again and again while it is only out of reach and the task is ours. */
async function persist(
  call: () => Promise<unknown>,
  lease: Lease,
  { logger, abandoned }: DeliveryOptions,
): Promise<void> {
  await retry(call, {
    backoff: BACKOFF,
    signals: [abandoned, lease.lost],
    isTransient: isPassing,
    onRetry: (error) => {
      logger.warn({ err: error, task: lease.task.id }, 'the queue is out of reach, trying again');
    },
  });
}

function isPassing(error: unknown): boolean {
  return !(error instanceof QueueError) || error.code >= 500 || error.code === 429 || error.code === 408;
}
