import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until an assertion holds: calls it until it no longer throws, and returns its result. After the
 * timeout it throws the last error.
 */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  { timeoutMs = 60_000, everyMs = 50 } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(everyMs);
    }
  }
}
