import { randomUUID } from 'node:crypto';
import { decodeBase64, decodedLength, encodeBase64 } from '../wire/base64.ts';
import { LIMITS, TASK_ID } from '../wire/contract.ts';
import { faults, QueueFault } from '../wire/faults.ts';

/** A request's body as an object; none counts as an empty one. */
export function jsonObject(body: unknown): Record<string, unknown> {
  if (typeof body !== 'string' || body.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new QueueFault('parseError', 'The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new QueueFault('parseError', 'The body must be a JSON object: a Task.');
  return value as Record<string, unknown>;
}

/** The id asked for, else a new one. */
export function givenId(id: unknown): string {
  if (id === undefined || id === null) return randomUUID();
  if (typeof id !== 'string' || !TASK_ID.test(id))
    throw new QueueFault(
      'invalidTaskName',
      'Task name is invalid: id must be 1 to 500 of the characters a-z, A-Z, 0-9, _ and -.',
    );
  return id;
}

/** The tag, '' when it is null; absent when it is not given. */
export function givenTag({ tag }: Record<string, unknown>): string | undefined {
  if (tag === undefined) return undefined;
  return checkedTag(tag ?? '');
}

/** A tag as the contract bounds it. */
export function checkedTag(tag: unknown): string {
  if (typeof tag !== 'string') throw new QueueFault('invalidTag', 'tag must be a string.');
  if (tag.length > LIMITS.tagCharacters && Array.from(tag).length > LIMITS.tagCharacters)
    throw new QueueFault('invalidTag', `tag must be at most ${LIMITS.tagCharacters} characters.`);
  // Decoders put U+FFFD where bytes were no UTF-8: a tag with one is not what the caller meant, and could not be told apart.
  if (!tag.isWellFormed() || tag.includes('\uFFFD'))
    throw new QueueFault('invalidTag', 'tag must be valid Unicode.');
  return tag;
}

/** The payload's bytes, and the same as standard base64, which is the given text itself where that is canonical. */
export function givenPayload({ payloadBase64: text }: Record<string, unknown>): {
  payload: Buffer;
  payloadBase64: string;
} {
  if (text === undefined || text === null) throw faults.required('payloadBase64');
  if (typeof text !== 'string') throw new QueueFault('invalidPayload', 'payloadBase64 must be a string.');
  checkPayloadSize(decodedLength(text));
  const payload = decodeBase64(text);
  if (!payload) throw new QueueFault('invalidPayload', 'payloadBase64 is not valid base64.');
  return { payload, payloadBase64: encodeBase64(payload, text) };
}

/** @param length of the payload in bytes */
export function checkPayloadSize(length: number): void {
  if (length > LIMITS.payloadBytes)
    throw new QueueFault(
      'payloadTooLarge',
      `The payload is ${length} bytes; at most ${LIMITS.payloadBytes} are allowed.`,
    );
}

/** Checks the queueName of a body against the path's. */
export function checkQueueName(
  { queueName }: Record<string, unknown>,
  queue: string,
  required: boolean,
): void {
  if (queueName === undefined || queueName === null) {
    if (required) throw faults.required('queueName');
    return;
  }
  if (queueName !== queue) throw new QueueFault('queueMismatch', 'Cannot change task in a different queue.');
}
