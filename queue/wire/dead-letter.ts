/** Marks the name of a dead-letter queue. */
const SUFFIX = '-dead';
const SUFFIXES = new RegExp(`(?:${SUFFIX})*$`);

/** The name of the queue that takes the tasks of `queue` which have been leased too often. */
export function deadLetterQueueName(queue: string): string {
  return queue + SUFFIX;
}

/** Splits a queue's name into that of its source queue, where tasks are inserted, and the suffixes of dead-letter queues. */
export function splitQueueName(queue: string): { source: string; suffixes: string } {
  const suffixes = SUFFIXES.exec(queue)?.[0] ?? '';
  return { source: queue.slice(0, queue.length - suffixes.length), suffixes };
}

/** Whether a queue of this name is a dead-letter queue. */
export function isDeadLetterQueue(queue: string): boolean {
  return queue.endsWith(SUFFIX);
}
