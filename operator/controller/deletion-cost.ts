import type { Cluster } from '../cluster/cluster.ts';

/** The annotation by which a ReplicaSet takes the cheapest of its ready pods away first. */
export const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/** Asks a renderer how many tasks it holds; undefined when it does not answer. */
export type AskPod = (ip: string) => Promise<number | undefined>;

/** Cost of a pod that does not answer: more than that of an idle one, as it may be too busy to. */
const SILENT = 1;
const PER_TASK = 10;

/**
 * Marks the pods of a pool with what it would cost to take each away: the tasks that it would have to give back. So of a
 * fleet that shrinks the idle pods go first. Only costs that have changed are written.
 */
export async function markDeletionCosts(
  cluster: Cluster,
  namespace: string,
  selector: string,
  ask: AskPod,
): Promise<void> {
  const pods = await cluster.pods(namespace, selector);
  await Promise.all(
    pods.map(async ({ name, ip, deletionCost }) => {
      if (ip === undefined) return;
      const tasks = await ask(ip);
      const cost = String(tasks === undefined ? SILENT : tasks * PER_TASK);
      if (cost === (deletionCost ?? '0')) return;
      await cluster.setDeletionCost(namespace, name, cost);
    }),
  );
}
