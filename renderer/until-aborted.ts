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
