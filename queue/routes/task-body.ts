import { decodeBase64, decodedLength } from '../wire/base64.ts';
import { LIMITS, TASK_ID } from '../wire/contract.ts';
import { faults } from '../wire/faults.ts';

/** A request's body as an object; none counts as an empty one. */
export function jsonObject(body: unknown): Record<string, unknown> {
  if (typeof body !== 'string' || body.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw faults.parse('The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw faults.parse('The body must be a JSON object: a Task.');
  return value as Record<string, unknown>;
}

/** The id asked for, if any. */
export function givenId({ id }: Record<string, unknown>): string | undefined {
  if (id === undefined || id === null) return undefined;
  if (typeof id !== 'string' || !TASK_ID.test(id))
    throw faults.invalid(
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
  if (typeof tag !== 'string') throw faults.invalid('tag must be a string.');
  if (tag.length > LIMITS.tagCharacters && Array.from(tag).length > LIMITS.tagCharacters)
    throw faults.invalid(`tag must be at most ${LIMITS.tagCharacters} characters.`);
  // Decoders put U+FFFD where bytes were no UTF-8: a tag with one is not what the caller meant, and could not be told apart.
  if (!tag.isWellFormed() || tag.includes('\uFFFD')) throw faults.invalid('tag must be valid Unicode.');
  return tag;
}

/** The payload's bytes. */
export function givenPayload({ payloadBase64 }: Record<string, unknown>): Buffer {
  if (payloadBase64 === undefined || payloadBase64 === null) throw faults.required('payloadBase64');
  if (typeof payloadBase64 !== 'string') throw faults.invalid('payloadBase64 must be a string.');
  const length = decodedLength(payloadBase64);
  if (length > LIMITS.payloadBytes)
    throw faults.tooLarge(`The payload is ${length} bytes; at most ${LIMITS.payloadBytes} are allowed.`);
  const payload = decodeBase64(payloadBase64);
  if (!payload) throw faults.invalid('payloadBase64 is not valid base64.');
  return payload;
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
  if (queueName !== queue) throw faults.otherQueue();
}
