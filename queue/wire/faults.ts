/**
 * What the service may tell its callers about a fault. Each cause has one word, `errors[].reason`, for machines and a
 * message for people. Any other error inside the service is a 500 to the caller, and its cause goes to the log.
 */
import { z } from 'zod';

/** Every reason of a fault with its HTTP status and meaning. A test compares the table in docs/queue.md with this list. */
export const FAULT_REASONS = {
  badRequest: { code: 400, meaning: 'The request is not valid HTTP, or its path is malformed.' },
  parseError: { code: 400, meaning: 'The body cannot be parsed as its content type, such as JSON.' },
  required: { code: 400, meaning: 'A required parameter or field is missing.' },
  invalidParameter: { code: 400, meaning: 'A query parameter has a value that is not allowed.' },
  invalidProjectName: { code: 400, meaning: 'No project can have this name.' },
  invalidQueueName: { code: 400, meaning: 'No queue can have this name.' },
  invalidTaskName: { code: 400, meaning: 'No task can have this name.' },
  invalidPayload: { code: 400, meaning: 'The payload is not valid base64.' },
  invalidTag: { code: 400, meaning: 'The tag is too long or not valid Unicode.' },
  invalidBatch: { code: 400, meaning: 'The batch, or a call in it, breaks the rules for batches.' },
  taskNameTaken: { code: 400, meaning: 'The queue has, or had until recently, a task of this name.' },
  leaseExpired: { code: 400, meaning: 'The lease ended before it was renewed.' },
  queueMismatch: { code: 400, meaning: 'The body and the path name different queues.' },
  taskMismatch: { code: 400, meaning: 'The body and the path name different tasks.' },
  authError: { code: 401, meaning: 'The bearer token is missing or unknown.' },
  forbidden: { code: 403, meaning: 'The bearer token does not allow this call.' },
  notFound: { code: 404, meaning: 'The path does not exist.' },
  apiNotFound: { code: 404, meaning: 'The service does not have this API or version.' },
  queueNotFound: { code: 404, meaning: 'The service does not have this queue.' },
  taskNotFound: { code: 404, meaning: 'The queue has no task of this name.' },
  httpMethodNotAllowed: { code: 405, meaning: 'The path does not support this method.' },
  requestTimeout: { code: 408, meaning: 'The request did not arrive in time.' },
  leaseSuperseded: {
    code: 412,
    meaning: 'If-Match does not match: the task has been leased or renewed since.',
  },
  payloadTooLarge: { code: 413, meaning: 'The payload or the body is too large.' },
  uriTooLong: { code: 414, meaning: 'The URL is too long.' },
  unsupportedMediaType: { code: 415, meaning: 'The content type or encoding is not supported.' },
  headersTooLarge: { code: 431, meaning: 'The headers are too large.' },
  internalError: { code: 500, meaning: 'The service failed; its log says why.' },
  batchTooLong: {
    code: 503,
    meaning: 'The batch took too long or its answers grew too large for this call.',
  },
  notReady: { code: 503, meaning: 'The service cannot serve the request now; /readyz says why.' },
  storeUnavailable: {
    code: 503,
    meaning: 'The task store is unreachable, full or refuses writes; try again.',
  },
} as const satisfies Record<string, { code: number; meaning: string }>;

export type FaultReason = keyof typeof FAULT_REASONS;

/** A fault that the caller is told about; `code` is its HTTP status. */
export class QueueFault extends Error {
  override name = 'QueueFault';
  readonly code: number;
  readonly reason: FaultReason;
  /** @param message is safe to show to the caller */
  constructor(reason: FaultReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = FAULT_REASONS[reason].code;
    this.reason = reason;
  }
}

/** The faults that several places report, with their messages; those of the wire contract to the letter. */
export const faults = {
  taskNameTaken: () => new QueueFault('taskNameTaken', 'Task name is invalid.'),
  taskNotFound: () => new QueueFault('taskNotFound', 'Task name does not exist.'),
  leaseExpired: () => new QueueFault('leaseExpired', 'The task lease has expired.'),
  leaseSuperseded: () =>
    new QueueFault(
      'leaseSuperseded',
      'The task has been leased or renewed since: If-Match does not match its ETag.',
    ),
  queueMismatch: () => new QueueFault('queueMismatch', 'Cannot change task in a different queue.'),
  required: (name: string) => new QueueFault('required', `${name} is required.`),
  invalidParameter: (message: string) => new QueueFault('invalidParameter', message),
  storeUnavailable: (message: string, cause?: unknown) =>
    new QueueFault('storeUnavailable', message, { cause }),
};

/** The body of every fault: Google's JSON error envelope. */
export const errorEnvelopeSchema = z.object({
  error: z.object({
    code: z.int().meta({ description: 'The HTTP status.' }),
    message: z.string().meta({ description: 'What is wrong, for people.' }),
    errors: z.array(
      z.object({
        domain: z.string().meta({ description: 'Always global.' }),
        reason: z
          .string()
          .meta({ description: 'The cause in one word, for machines.', enum: Object.keys(FAULT_REASONS) }),
        message: z.string(),
      }),
    ),
  }),
});

/** The body of a fault as JSON text. */
export function errorEnvelope(reason: FaultReason, message: string): string {
  const { code } = FAULT_REASONS[reason];
  return JSON.stringify({ error: { code, message, errors: [{ domain: 'global', reason, message }] } });
}

/**
 * An answer of the queue service other than 2xx. `code` is the HTTP status. `reason` is the cause in one word, one of
 * FAULT_REASONS, or `unknown` when something between here and the service answered. The message is for people.
 */
export class QueueError extends Error {
  override name = 'QueueError';
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

/** Whether a call that failed with this error may succeed when it is repeated: the service was unreachable, busy or failed. */
export function isTransient(error: unknown): boolean {
  return !(error instanceof QueueError) || error.code >= 500 || error.code === 429 || error.code === 408;
}

/** The fault in an answer's body. @param code the HTTP status */
export function queueErrorOf(code: number, text: string): QueueError {
  try {
    const { message, errors } = errorEnvelopeSchema.parse(JSON.parse(text)).error;
    return new QueueError(code, errors[0]?.reason ?? 'unknown', message);
  } catch {
    return new QueueError(code, 'unknown', text.slice(0, 200) || 'no message');
  }
}
