import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { POOL_RULES } from '../../operator/cluster/rbac.ts';
import type { AuditEvent } from '../harness/kubernetes/control-plane.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { useControlPlane } from '../harness/kubernetes/use-cluster.ts';
import { operatorAccount, type OperatorAccount } from './support/account.ts';
import { startOperator, type OperatorUnderTest } from './support/operator.ts';
import { Pools } from './support/pools.ts';
import { startQueue, type QueueUnderTest } from './support/queue.ts';
import { writesOf } from './support/api-server-metrics.ts';

jest.setTimeout(300_000);

/** The objects that the operator manages. The control plane itself keeps writing pods and events. */
const MANAGED = POOL_RULES.flatMap(({ resources }) => resources)
  .map((resource) => resource.replace(/\/.*/, ''))
  .filter((resource) => !['pods', 'events'].includes(resource));
const POOLS = 60;
const QUIET_MS = 15_000;

describeWith(['control-plane'], 'pools of which nothing changes', () => {
  const plane = useControlPlane();
  let queue: QueueUnderTest;
  let operator: OperatorUnderTest;
  let account: OperatorAccount;
  beforeAll(async () => {
    queue = await startQueue();
    const namespace = await plane().namespace();
    account = await operatorAccount(plane(), namespace, 'cluster');
    const leader = {
      namespace,
      name: 'operator',
      leaseSeconds: 15,
      renewDeadlineSeconds: 10,
      retrySeconds: 2,
    };
    operator = startOperator(plane(), { token: account.token, leader });
  });
  afterAll(async () => {
    await operator.stop();
    await queue.close();
  });

  test('cause no writes to the API server, although the oldest task grows older', async () => {
    const pools = new Pools(plane(), await plane().namespace());
    const names = Array.from({ length: POOLS }, (_, index) => `pool-${index}`);
    for (const [index, name] of names.entries()) {
      // The odd ones have tasks that nobody takes, because the control plane has no nodes.
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
    const ofOperator = () => plane().audit().filter(isWrite);
    const counted = async () => [await writesOf(plane(), MANAGED), ofOperator().length];
    let before = await counted();
    await eventually(
      async () => {
        const now = await counted();
        const settled = isDeepStrictEqual(now, before);
        before = now;
        expect(settled).toBe(true);
      },
      { everyMs: 10_000, timeoutMs: 180_000 },
    );
    expect(before[1]).toBeGreaterThan(POOLS * 5);
    // That nothing happens shows only over time.
    await sleep(QUIET_MS);
    expect(await counted()).toEqual(before);
  });

  /** A write of the operator other than the renewal of its lease. */
  function isWrite({ user, verb, objectRef }: AuditEvent): boolean {
    const reads = ['get', 'list', 'watch'].includes(verb);
    return user.username === account.username && !reads && objectRef?.resource !== 'leases';
  }
});
