import { request } from 'undici';
import { z } from 'zod';
import { HTTP_PORT } from '../children/labels.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** Asks a renderer how many tasks it holds; undefined if it does not answer. */
export type AskPod = (ip: string) => Promise<number | undefined>;

/** Time limit for the answer of a pod, in milliseconds; scaling down waits for it. */
const ANSWER_MS = 1000;

/** The cost of a pod that does not answer: more than that of an idle one, because it may be too busy to answer. */
const NO_ANSWER_COST = 1;
const COST_PER_TASK = 10;

/** The part of a renderer's /status that matters here: the number of tasks that it holds leases on. */
const podStatusSchema = z.object({ held: z.number().int().min(0) });

/**
 * Sets the deletion cost of each pod to the tasks that it would have to release, so that scaling down deletes idle pods
 * first. Writes only costs that have changed.
 */
export async function updateDeletionCosts(
  cluster: Pick<Cluster, 'pods' | 'setDeletionCost'>,
  namespace: string,
  selector: string,
  ask: AskPod,
): Promise<void> {
  const pods = await cluster.pods(namespace, selector);
  await Promise.all(
    pods.map(async ({ name, ip, deletionCost }) => {
      if (ip === undefined) return;
      const tasks = await ask(ip);
      const cost = String(tasks === undefined ? NO_ANSWER_COST : tasks * COST_PER_TASK);
      if (cost === (deletionCost ?? '0')) return;
      await cluster.setDeletionCost(namespace, name, cost);
    }),
  );
}

/** Asks the renderer at an address over HTTP how many tasks it holds; undefined without a valid answer in time. */
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
