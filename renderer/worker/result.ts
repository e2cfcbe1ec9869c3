import { RESULT_TAG, taskDigest } from '../../queue/wire/render.ts';

/** The name under which a task's document is saved; the same for every rendering, and valid in any storage. */
export function documentNameOf(taskId: string): string {
  return `${taskDigest(taskId)}.pdf`;
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
  const envelope = JSON.stringify({ queueName: '', payloadBase64: '', id, tag: RESULT_TAG }).length;
  return Math.ceil(payloadBytes / 3) * 4 + envelope;
}
