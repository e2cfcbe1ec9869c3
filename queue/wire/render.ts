/**
 * What producers and renderers agree on: the tags of tasks and results, which result belongs to which task, and what a result
 * says. The queue itself does not look into payloads.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** The tags of tasks that request a document and of those that carry one. */
export const TASK_TAG = 'task';
export const RESULT_TAG = 'result';

const DIGEST_CHARACTERS = 22;
const TASK_ID_CHARACTERS = 470;

/** A short name for the document of a task, the same for every rendering: 132 bits of SHA-256 of the task's id in base64url. */
export function taskDigest(taskId: string): string {
  return createHash('sha256').update(taskId).digest('base64url').slice(0, DIGEST_CHARACTERS);
}

/**
 * The id of a task's result. It is the same for every rendering of the task, so that the queue accepts one result only, and
 * clients can compute it from the task's id. The digest distinguishes it from ids that producers choose and from the results
 * of other long ids; the task's id follows, cut to the length of a valid name.
 */
export function resultIdOf(taskId: string): string {
  return `result-${taskDigest(taskId)}-${taskId.slice(0, TASK_ID_CHARACTERS)}`;
}

/** A result's payload: the document in base64, where it was saved, or why there is none. */
export const resultSchema = z.discriminatedUnion('success', [
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('result#document'),
      success: z.literal(true),
      filename: z.string(),
      document: z.base64(),
    }),
    z.object({ kind: z.literal('result#link'), success: z.literal(true), url: z.url() }),
  ]),
  z.object({ kind: z.literal('result#document'), success: z.literal(false), error: z.string().optional() }),
]);
