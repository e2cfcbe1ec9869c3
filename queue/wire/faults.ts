/**
 * What a caller of the queue may be told, each fault with its HTTP status, Google's reason for it and a message that is
 * safe to show. Whatever else is thrown is our own fault: 500 to the caller, the cause in the log.
 */
export class QueueFault extends Error {
  override name = 'QueueFault';
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.reason = reason;
  }
}

export const faults = {
  nameTaken: () => new QueueFault(400, 'invalid', 'Task name is invalid.'),
  unknownTask: () => new QueueFault(404, 'notFound', 'Task name does not exist.'),
  unknownQueue: (queue: string) =>
    new QueueFault(404, 'notFound', `Queue ${queue} is not one of the queues of this service.`),
  unknownApi: (name: string) =>
    new QueueFault(404, 'notFound', `API ${name} does not exist; there is taskqueue version v1beta2.`),
  leaseExpired: () => new QueueFault(400, 'invalid', 'The task lease has expired.'),
  otherQueue: () => new QueueFault(400, 'invalid', 'Cannot change task in a different queue.'),
  otherTask: () => new QueueFault(400, 'invalid', 'Task IDs must match.'),
  tagAlone: () => new QueueFault(400, 'invalid', 'tag needs groupByTag=true.'),
  leaseMovedOn: () =>
    new QueueFault(
      412,
      'conditionNotMet',
      'The task has been leased or renewed since: If-Match does not match.',
    ),
  required: (name: string) => new QueueFault(400, 'required', `${name} is required.`),
  invalid: (message: string) => new QueueFault(400, 'invalid', message),
  parse: (message: string) => new QueueFault(400, 'parseError', message),
  tooLarge: (message: string) => new QueueFault(413, 'uploadTooLarge', message),
  unauthorized: (message: string) => new QueueFault(401, 'authError', message),
  forbidden: (message: string) => new QueueFault(403, 'forbidden', message),
  unavailable: (message: string, cause?: unknown) => new QueueFault(503, 'backendError', message, { cause }),
};
