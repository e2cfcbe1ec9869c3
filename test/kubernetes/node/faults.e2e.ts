import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { run } from '../tools.ts';
import { controlPlane, killContainer, memoryKills, nodeNames, readyPods } from './faults.ts';
import { kubectl, pods, tryKubectl } from './kubectl.ts';
import { Ledger } from './ledger.ts';
import { applyPool, cleanUp, deploy, prepare, queueUrl, TAGS } from './release.ts';
import { until } from './until.ts';

const MINUTE = 60_000;
const SETTLE_SECONDS = 180;
const SCALING = { minReplicas: 2, maxReplicas: 3 };

/** Each fault hits a fleet under constant load; afterwards every task must have exactly one result. */
describe('a fleet under load', () => {
  let url = '';
  let ledger: Ledger;
  let round = 0;

  beforeAll(async () => {
    await cleanUp();
    await prepare();
    await deploy(TAGS.first);
    url = await queueUrl();
    await applyPool(SCALING);
    await readyPods('renderer', 2);
  }, 8 * MINUTE);

  afterAll(cleanUp, 5 * MINUTE);

  beforeEach(async () => {
    round += 1;
    ledger = new Ledger(url, { prefix: `fault-${round}` });
    ledger.feed(4);
    await results(5);
  }, 2 * MINUTE);

  afterEach(() => ledger.close(), MINUTE);

  /** Waits for the given number of further results. */
  async function results(more: number): Promise<void> {
    const before = ledger.collected;
    await until(`${more} more results`, 120, () => Promise.resolve(ledger.collected >= before + more));
  }

  /** Reports what was lost, duplicated or broken, after work has continued for a while. */
  async function damage(): Promise<string[]> {
    await results(10);
    return ledger.settle(SETTLE_SECONDS);
  }

  test(
    'renderer pods are deleted at random, half of them without a grace period',
    async () => {
      for (let i = 0; i < 6; i += 1) {
        const found = await pods('renderer');
        const victim = found[Math.floor(Math.random() * found.length)];
        const notice = i % 2 === 0 ? [] : ['--grace-period=0', '--force'];
        if (victim) await kubectl(['delete', 'pod', victim.metadata.name, '--wait=false', ...notice]);
        await delay(3000);
      }
      expect(await damage()).toEqual([]);
    },
    8 * MINUTE,
  );

  test(
    'the queue pods are deleted',
    async () => {
      for (const { metadata } of await pods('queue')) {
        await kubectl(['delete', 'pod', metadata.name, '--wait=false']);
        await results(5);
      }
      expect(await damage()).toEqual([]);
    },
    8 * MINUTE,
  );

  test(
    'Redis is killed and comes back from its append-only file',
    async () => {
      const [redis] = await pods('redis');
      if (redis) await killContainer(redis);
      await until('Redis has been started again', 120, async () => {
        const [again] = await pods('redis');
        const [status] = again?.status.containerStatuses ?? [];
        return status?.ready === true && status.restartCount > 0;
      });
      expect(await damage()).toEqual([]);
    },
    8 * MINUTE,
  );

  test(
    'the operator is stopped for half a minute',
    async () => {
      await kubectl(['scale', 'deployment', 'renderfleet-operator', '--replicas=0']);
      await delay(10_000);
      const [victim] = await pods('renderer');
      if (victim) await kubectl(['delete', 'pod', victim.metadata.name, '--wait=false']);
      await delay(20_000);
      await kubectl(['scale', 'deployment', 'renderfleet-operator', '--replicas=1']);
      await readyPods('operator', 1);
      expect(await damage()).toEqual([]);
    },
    8 * MINUTE,
  );

  test(
    'the API server is stopped for half a minute',
    async () => {
      await controlPlane('stop', 'kube-apiserver');
      try {
        await delay(30_000);
      } finally {
        await controlPlane('start', 'kube-apiserver');
      }
      await until('the API server answers', 60, () => tryKubectl(['get', 'pods']));
      await readyPods('operator', 1);
      expect(await damage()).toEqual([]);
    },
    8 * MINUTE,
  );

  test(
    'the node is drained',
    async () => {
      const [node = ''] = await nodeNames();
      const flags = ['--ignore-daemonsets', '--delete-emptydir-data', '--force', '--timeout=150s'];
      const draining = run('kubectl', ['drain', node, ...flags], { timeoutMs: 180_000 });
      try {
        await until('pods have been evicted', 60, async () => {
          const found = await Promise.all(['renderer', 'queue', 'redis'].map((component) => pods(component)));
          return found.flat().some(({ status }) => status.phase === 'Pending');
        });
      } finally {
        // There is no other node for the pods, and disruption budgets hold back evictions until they are ready.
        await kubectl(['uncordon', node]);
      }
      expect((await draining).code).toBe(0);
      await readyPods('renderer', 2);
      expect(await damage()).toEqual([]);
    },
    10 * MINUTE,
  );

  test(
    'renderers run out of memory',
    async () => {
      await applyPool(SCALING, {
        resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '150Mi' } },
      });
      try {
        await until('the kernel kills for memory', 180, async () => {
          const kills = await Promise.all((await pods('renderer')).map(memoryKills));
          return kills.some((count) => count > 0);
        });
      } finally {
        await applyPool(SCALING);
      }
      expect(await damage()).toEqual([]);
    },
    10 * MINUTE,
  );
});
