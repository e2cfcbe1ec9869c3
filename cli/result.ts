import type { Task } from '../queue/wire/contract.ts';
import { resultSchema } from '../queue/wire/render.ts';

/** What a result task carries: a document, a link to one, or why there is none. */
export type Result =
  | { kind: 'document'; filename: string; pdf: Buffer }
  | { kind: 'link'; url: URL }
  | { kind: 'failure'; error: string };

/** Reads a result task's payload; whatever is no result is a failure that says so. */
export function readResult(task: Pick<Task, 'payloadBase64'>): Result {
  const parsed = resultSchema.safeParse(parseJson(Buffer.from(task.payloadBase64, 'base64').toString()));
  if (!parsed.success) return { kind: 'failure', error: 'The task does not hold a result.' };
  const result = parsed.data;
  if (!result.success)
    return { kind: 'failure', error: result.error ?? 'The task failed; no reason was given.' };
  if (result.kind === 'result#link') return { kind: 'link', url: new URL(result.url) };
  return { kind: 'document', filename: result.filename, pdf: Buffer.from(result.document, 'base64') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
