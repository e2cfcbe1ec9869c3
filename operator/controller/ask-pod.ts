import { request } from 'undici';
import { z } from 'zod';
import { HTTP_PORT } from '../children/labels.ts';

/** Time that a pod has to say what it is doing, in milliseconds; a scale-down waits for no longer. */
const ANSWER_MS = 1000;

/** What of a renderer's /status counts here: the tasks that it holds leases on. */
const podStatusSchema = z.object({ held: z.number().int().min(0) });

/** Asks the renderer at an address how many tasks it holds; undefined when it does not answer in time or in kind. */
export async function askPod(ip: string, port = HTTP_PORT): Promise<number | undefined> {
  const host = ip.includes(':') ? `[${ip}]` : ip;
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await request(`http://${host}:${port}/status`, { signal, reset: true });
    return podStatusSchema.parse(await response.body.json()).held;
  } catch {
    return undefined;
  }
}
