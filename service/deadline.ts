/** A monotonic clock, in milliseconds. */
export type Clock = () => number;

/** When work must end: when its time is over, or earlier with the first of these signals. */
export interface Deadline {
  milliseconds: number;
  signals?: readonly AbortSignal[];
  /** The reason when its time is over; default: a TimeoutError. */
  overdue?: Error;
}

/**
 * Gives `work` a signal that is aborted at the deadline, and waits for it. Timer and listeners are removed when the work
 * ends, whereas AbortSignal.timeout, and AbortSignal.any of signals that live longer, stay in memory until the time is over.
 */
export async function withDeadline<T>(
  { signals = [], milliseconds, overdue }: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const timer = setTimeout(() => {
    ended.abort(overdue ?? new DOMException(`Timed out after ${milliseconds} ms`, 'TimeoutError'));
  }, milliseconds);
  const end = ({ target }: Pick<Event, 'target'>) => {
    ended.abort((target as AbortSignal).reason);
  };
  for (const signal of signals) {
    if (signal.aborted) end({ target: signal });
    else signal.addEventListener('abort', end, { once: true });
  }
  try {
    return await work(ended.signal);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', end);
  }
}

/**
 * Waits for `work`, but not beyond the deadline: then the reason is thrown, and `work` goes on without anybody waiting.
 */
export function untilDeadline<T>(work: Promise<T>, deadline: Deadline): Promise<T> {
  return withDeadline(deadline, (signal) => untilAborted(work, signal));
}

/**
 * Waits for `work` until one of the signals is aborted: then its reason is thrown, and `work` goes on without anybody
 * waiting. Leaves no listeners on signals that outlive the work.
 */
export async function untilAborted<T>(work: Promise<T>, ...signals: AbortSignal[]): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = ({ target }: Pick<Event, 'target'>) => {
    aborted.reject((target as AbortSignal).reason as Error);
  };
  for (const signal of signals) {
    if (signal.aborted) abort({ target: signal });
    else signal.addEventListener('abort', abort, { once: true });
  }
  try {
    return await Promise.race([aborted.promise, work]);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
}
