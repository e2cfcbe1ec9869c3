import { setTimeout as delay } from 'node:timers/promises';

/** Polls every quarter of a second until the answer is neither undefined nor false; a rejection counts as no answer. */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined | false>,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  let fault: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      fault = undefined;
    } catch (error) {
      fault = error;
    }
    await delay(250);
  }
  throw new Error(`Waited ${seconds} s in vain: ${what}`, { cause: fault });
}
