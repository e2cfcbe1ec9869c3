/** Milliseconds of a clock that never goes back. */
export type Clock = () => number;

/** When work is to end early: with the first of these signals, or when its time is over. */
export interface Deadline {
  signals: readonly AbortSignal[];
  milliseconds: number;
  /** Why it ends when its time is over. */
  overdue: Error;
}

/**
 * Gives `work` a signal that ends it early, and waits for it. Timer and listeners are gone with the work, whereas
 * AbortSignal.timeout and a composite of signals that live on would be kept, each with its work, until the time is over.
 */
export async function withDeadline<T>(
  { signals, milliseconds, overdue }: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const timer = setTimeout(() => {
    ended.abort(overdue);
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
 * What `work` resolves to, unless one of the signals is aborted first: then its reason is thrown and `work`, which goes on, is
 * no longer waited for. Nothing stays behind at signals that outlive the work, as a composite signal of each would.
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
