import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { useControlPlane } from '../harness/use-cluster.ts';
import { startOperator, type OperatorUnderTest } from './support/operator.ts';
import { Pools } from './support/pools.ts';
import { startQueue, type QueueUnderTest } from './support/queue.ts';
import { writesOf } from './support/api-server-metrics.ts';

jest.setTimeout(180_000);

const POOLS = 60;
const QUIET_MS = 15_000;

describeWith(['control-plane'], 'a fleet of pools of which nothing changes', () => {
  const plane = useControlPlane();
  let queue: QueueUnderTest;
  let operator: OperatorUnderTest;
  beforeAll(async () => {
    queue = await startQueue();
    operator = startOperator(plane());
  });
  afterAll(async () => {
    await operator.stop();
    await queue.close();
  });

  test('is written about by nobody, as the API server counts it, while the oldest task grows older', async () => {
    const pools = new Pools(plane(), await plane().namespace());
    const names = Array.from({ length: POOLS }, (_, index) => `pool-${index}`);
    for (const [index, name] of names.entries()) {
      // The odd ones have work that nobody does; the machine has no nodes.
      if (index % 2 === 1) await queue.client(name).insert({ payload: '{}', tag: 'task' });
    }
    await Promise.all(
      names.map((taskQueue) => pools.apply(taskQueue, { queue: { url: queue.url, taskQueue } })),
    );
    for (const [index, name] of names.entries()) {
      await eventually(async () => {
        const { status } = await pools.get(name);
        expect(status).toMatchObject({ replicas: index % 2, desiredReplicas: index % 2, backlog: index % 2 });
      });
    }
    let before = await writesOf(plane());
    await eventually(
      async () => {
        const now = await writesOf(plane());
        const settled = now === before;
        before = now;
        expect(settled).toBe(true);
      },
      { everyMs: 2000, timeoutMs: 60_000 },
    );
    await sleep(QUIET_MS);
    expect(await writesOf(plane())).toBe(before);
  });
});
