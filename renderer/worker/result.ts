import { createHash } from 'node:crypto';

const DIGEST_CHARACTERS = 22;
const TASK_ID_CHARACTERS = 470;

/**
 * The id of a task's result. It is the same for every rendering of the task, so that the queue accepts one result only, and
 * clients can compute it from the task's id. The digest (132 bits of SHA-256 of that id) distinguishes it from ids that
 * producers choose and from the results of other long ids; the task's id follows, cut to the length of a valid name.
 */
export function resultIdOf(taskId: string): string {
  return `result-${digestOf(taskId)}-${taskId.slice(0, TASK_ID_CHARACTERS)}`;
}

/** The name under which a task's document is saved; the same for every rendering, and valid in any storage. */
export function documentNameOf(taskId: string): string {
  return `${digestOf(taskId)}.pdf`;
}

function digestOf(taskId: string): string {
  return createHash('sha256').update(taskId).digest('base64url').slice(0, DIGEST_CHARACTERS);
}

export interface PdfDocument {
  filename: string;
  pdf: Buffer;
}

/** The payload of a result that carries the document, encoded as base64. */
export function documentPayload({ filename, pdf }: PdfDocument): string {
  const name = JSON.stringify(filename);
  return `{"kind":"result#document","success":true,"filename":${name},"document":"${pdf.toString('base64')}"}`;
}

/** The payload of a result that links to the saved document. */
export function linkPayload(url: string): string {
  return JSON.stringify({ kind: 'result#link', success: true, url });
}

/** The payload of the result of a task that could not be rendered, with the reason. */
export function failurePayload(error: string): string {
  const kind = 'result#document';
  return JSON.stringify({ kind, success: false, filename: null, document: null, error });
}

/** Bytes of a result in the queue as its consumers receive it: its payload in base64 within the JSON of its task. */
export function encodedSize(id: string, payloadBytes: number): number {
  const envelope = JSON.stringify({ queueName: '', payloadBase64: '', id, tag: 'result' }).length;
  return Math.ceil(payloadBytes / 3) * 4 + envelope;
}
