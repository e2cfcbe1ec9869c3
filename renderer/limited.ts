/** When work is to end early: with the first of these signals, or when its time is over. */
export interface Limits {
  signals: readonly AbortSignal[];
  milliseconds: number;
  /** Why it ends when its time is over. */
  overdue: Error;
}

/**
 * Gives `work` a signal that ends it early, and waits for it. Timer and listeners are gone with the work, whereas
 * AbortSignal.timeout and a composite of signals that live on would be kept, each with its work, until the time is over.
 */
export async function limited<T>(
  { signals, milliseconds, overdue }: Limits,
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
