import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { LEADER_RULES, POOL_RULES } from '../../operator/cluster/rbac.ts';
import type { AuditEvent } from '../harness/kubernetes/control-plane.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { useControlPlane } from '../harness/kubernetes/use-cluster.ts';
import { operatorAccount } from './support/account.ts';
import { startOperator } from './support/operator.ts';
import { Pools } from './support/pools.ts';
import { startQueue, type QueueUnderTest } from './support/queue.ts';

jest.setTimeout(300_000);

const granted = [...POOL_RULES, ...LEADER_RULES].flatMap(({ apiGroups, resources, verbs }) =>
  apiGroups.flatMap((group) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`)),
  ),
);

const LABELLED = [
  ['apps/v1', 'deployments'],
  ['v1', 'services'],
  ['policy/v1', 'poddisruptionbudgets'],
] as const;

/** The rights that a request used. A patch that created the object used two. */
function rightsOf({ verb, objectRef, responseStatus }: AuditEvent): string[] {
  if (!objectRef) return [];
  const resource = [objectRef.resource, objectRef.subresource].filter(Boolean).join('/');
  const verbs = verb === 'patch' && responseStatus?.code === 201 ? ['patch', 'create'] : [verb];
  return verbs.map((used) => `${used} ${resource}.${objectRef.apiGroup ?? ''}`);
}

describeWith(['control-plane'], 'the rights of the operator', () => {
  const plane = useControlPlane();
  let queue: QueueUnderTest;
  beforeAll(async () => {
    queue = await startQueue();
  });
  afterAll(async () => {
    await queue.close();
  });

  /** Makes an operator use all of its rights. */
  async function everything(pools: Pools, token: string, namespaces: string[]): Promise<void> {
    const { namespace } = pools;
    const busy = new Map<string, number>();
    // A new term would forget the events to count.
    const leader = {
      ...{ namespace, name: 'operator' },
      ...{ leaseSeconds: 60, renewDeadlineSeconds: 40, retrySeconds: 2 },
    };
    const askPod = (ip: string) => Promise.resolve(busy.get(ip));
    const operator = startOperator(plane(), { namespaces, leader, token, askPod });
    const spec = (more: object = {}) => ({
      queue: { url: queue.url, taskQueue: namespace, tokenSecret: { name: 'queue' } },
      ...more,
    });
    try {
      pools.kubectl(['create', 'secret', 'generic', 'queue', '--from-literal=token=secret']);
      await pools.apply('all', spec({ replicas: 4 }));
      await eventually(() => pools.child('networking.k8s.io/v1', 'networkpolicies', 'all'));
      pools.kubectl([
        'label',
        'networkpolicy',
        'all-renderer',
        'app.kubernetes.io/managed-by=somebody',
        '--overwrite',
      ]);
      await eventually(async () => {
        const { metadata } = await pools.child('networking.k8s.io/v1', 'networkpolicies', 'all');
        expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'renderfleet-operator' });
      });
      await eventually(async () => {
        expect((await pools.deployment('all')).status).toMatchObject({ replicas: 4 });
      });
      const [first] = await runPods(pools);
      busy.set(first?.ip ?? '', 3);
      await pools.apply('all', spec({ replicas: 1, renderer: { networkPolicy: { enabled: false } } }));
      await eventually(async () => {
        expect(await pools.pods()).toEqual([first?.name]);
        await expect(pools.child('networking.k8s.io/v1', 'networkpolicies', 'all')).rejects.toMatchObject({
          code: 404,
        });
      });
      // Objects without the operator's label disappear from its informers; it must recognize them as its own.
      const kinds = 'deployment,service,poddisruptionbudget';
      pools.kubectl(['label', kinds, 'all-renderer', 'app.kubernetes.io/managed-by=somebody', '--overwrite']);
      await eventually(async () => {
        for (const [apiVersion, plural] of LABELLED) {
          const { metadata } = await pools.child(apiVersion, plural, 'all');
          expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'renderfleet-operator' });
        }
      });
      // A repeated event increments the count of the first one.
      for (const paused of [true, false, true]) {
        await pools.apply('all', spec({ replicas: 1, paused }));
        await eventually(async () => {
          expect(await pools.condition('all', 'Paused')).toMatchObject({ status: paused ? 'True' : 'False' });
        });
      }
    } finally {
      await operator.stop();
    }
  }

  /** Sets the address and readiness of a pool's pods, like a node. */
  async function runPods(pools: Pools): Promise<{ name: string; ip: string }[]> {
    const pods = (await pools.pods()).map((name, index) => ({ name, ip: `10.0.0.${index + 1}` }));
    for (const { name, ip } of pods) {
      const status = {
        ...{ phase: 'Running', podIP: ip, podIPs: [{ ip }] },
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
      };
      pools.kubectl([
        'patch',
        'pod',
        name,
        '--subresource=status',
        '--type=merge',
        '-p',
        JSON.stringify({ status }),
      ]);
    }
    return pods;
  }

  test('are exactly what it uses, and the busy pod outlives the idle ones', async () => {
    const pools = new Pools(plane(), await plane().namespace());
    const { username, token } = await operatorAccount(plane(), pools.namespace, 'cluster');
    await everything(pools, token, []);
    await eventually(() => {
      const requests = plane()
        .audit()
        .filter(({ user }) => user.username === username);
      expect(requests.filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
      expect([...new Set(requests.flatMap(rightsOf))].sort()).toEqual([...new Set(granted)].sort());
    });
  });

  test('suffice in one namespace if it serves no other', async () => {
    const pools = new Pools(plane(), await plane().namespace());
    const { username, token } = await operatorAccount(plane(), pools.namespace, 'namespace');
    await everything(pools, token, [pools.namespace]);
    const requests = plane()
      .audit()
      .filter(({ user }) => user.username === username);
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
  });
});
