import { setTimeout as sleep } from 'node:timers/promises';

/** Polls until the answer is neither undefined nor false; throws when that takes too long. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  milliseconds = 60_000,
): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Not within ${milliseconds} ms: ${what}.`);
    await sleep(20);
  }
}
