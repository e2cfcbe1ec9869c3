import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { request } from 'undici';
import { APPLY } from '../../operator/cluster/api-client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/processes.ts';
import { useControlPlane } from '../harness/kubernetes/use-cluster.ts';
import { operatorAccount, type OperatorAccount } from './support/account.ts';
import { startOperator, type OperatorUnderTest } from './support/operator.ts';
import { Pools } from './support/pools.ts';
import { startQueue, type QueueUnderTest } from './support/queue.ts';

jest.setTimeout(300_000);

const FLOW = '/apis/flowcontrol.apiserver.k8s.io/v1';

describeWith(['control-plane'], 'an operator on a failing control plane', () => {
  const plane = useControlPlane();
  let queue: QueueUnderTest;
  let pools: Pools;
  let account: OperatorAccount;
  let operator: OperatorUnderTest;
  let log: string[];
  /** How far ahead the clock is that measures the silence of watches, in milliseconds. */
  let ahead = 0;
  beforeAll(async () => {
    queue = await startQueue();
  });
  afterAll(async () => {
    await queue.close();
  });
  beforeEach(async () => {
    const namespace = await plane().namespace();
    pools = new Pools(plane(), namespace);
    account = await operatorAccount(plane(), namespace, 'cluster');
    log = [];
    const leader = {
      ...{ namespace, name: 'operator' },
      ...{ leaseSeconds: 15, renewDeadlineSeconds: 10, retrySeconds: 1 },
    };
    operator = startOperator(plane(), {
      ...{ namespaces: [namespace], leader, token: account.token },
      onLog: (line) => log.push(line),
      now: () => performance.now() + ahead,
    });
  });
  afterEach(async () => {
    await operator.stop();
  });

  const follows = async (name: string, tasks: number, replicas: number) => {
    const client = queue.client(name);
    await Promise.all(Array.from({ length: tasks }, () => client.insert({ payload: '{}', tag: 'task' })));
    await eventually(
      async () => {
        expect(await pools.replicas(name)).toBe(replicas);
      },
      { timeoutMs: 120_000 },
    );
  };

  test('the API server is away for longer than the lease while tasks arrive', async () => {
    await pools.apply('away', queue.specOf('away'));
    await follows('away', 1, 1);
    await plane().stop('kube-apiserver');
    await eventually(() => {
      expect(operator.operator.leading).toBe(false);
    });
    const waiting = queue.client('away');
    await Promise.all(Array.from({ length: 40 }, () => waiting.insert({ payload: '{}', tag: 'task' })));
    // A restart helps only if a watch does not recover, not after a minute or two.
    ahead = 120_000;
    expect(operator.operator.liveness).toEqual([]);
    ahead = 300_000;
    expect(operator.operator.liveness).toContain(
      'the watch of /apis/apps/v1/namespaces/' + pools.namespace + '/deployments is stuck',
    );
    ahead = 0;
    plane().start('kube-apiserver');
    await plane().untilReady();
    await follows('away', 60, 6);
  });

  test('410 Gone: the API server has forgotten the version that the operator has seen', async () => {
    await pools.apply('gone', queue.specOf('gone'));
    await follows('gone', 1, 1);
    await plane().stop('kube-apiserver');
    // The history continues without the API server, and etcd compacts it.
    const key = Buffer.from('elsewhere').toString('base64');
    const etcd = (path: string, body: object) =>
      request(`${plane().etcdUrl}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) });
    let revision = '';
    for (let change = 0; change < 50; change++) {
      const answer = await etcd('kv/put', { key, value: key });
      revision = ((await answer.body.json()) as { header: { revision: string } }).header.revision;
    }
    await (await etcd('kv/compaction', { revision })).body.dump();
    plane().start('kube-apiserver');
    await plane().untilReady();
    await pools.apply('gone-too', queue.specOf('gone-too', { scaling: { minReplicas: 2 } }));
    await eventually(async () => {
      expect(await pools.replicas('gone-too')).toBe(2);
    });
    expect(log.some((line) => line.includes('"code":410'))).toBe(true);
  });

  test('all connections are cut, including watches', async () => {
    await pools.apply('cut', queue.specOf('cut'));
    await follows('cut', 1, 1);
    await operator.connection.close();
    await pools.apply('cut-too', queue.specOf('cut-too', { scaling: { minReplicas: 3 } }));
    await eventually(async () => {
      expect(await pools.replicas('cut-too')).toBe(3);
    });
    await follows('cut', 30, 2);
  });

  test('another manager fights over the same fields', async () => {
    await pools.apply('fought', queue.specOf('fought', { scaling: { minReplicas: 1 } }));
    await follows('fought', 0, 1);
    const path = `/apis/apps/v1/namespaces/${pools.namespace}/deployments/fought-renderer`;
    const body = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'fought-renderer' },
      spec: { replicas: 7 },
    };
    const query = { fieldManager: 'somebody', force: true };
    for (let round = 0; round < 30; round++) {
      await plane().api.request('PATCH', path, { body, query, contentType: APPLY });
    }
    await follows('fought', 0, 1);
  });

  test('the API server throttles the operator to one request at a time', async () => {
    const metadata = { name: `jail-${pools.namespace}` };
    const limited = {
      nominalConcurrencyShares: 0,
      borrowingLimitPercent: 0,
      limitResponse: { type: 'Reject' },
    };
    await plane().api.request('POST', `${FLOW}/prioritylevelconfigurations`, {
      body: { metadata, spec: { type: 'Limited', limited } },
    });
    const subjects = [
      { kind: 'ServiceAccount', serviceAccount: { name: 'operator', namespace: pools.namespace } },
    ];
    const anything = {
      verbs: ['*'],
      apiGroups: ['*'],
      resources: ['*'],
      namespaces: ['*'],
      clusterScope: true,
    };
    const rules = [{ subjects, resourceRules: [anything] }];
    await plane().api.request('POST', `${FLOW}/flowschemas`, {
      body: { metadata, spec: { priorityLevelConfiguration: metadata, matchingPrecedence: 10, rules } },
    });
    const names = Array.from({ length: 10 }, (_, index) => `throttled-${index}`);
    const one = { scaling: { minReplicas: 1 } };
    await Promise.all(names.map((name) => pools.apply(name, queue.specOf(name, one))));
    for (const name of names) await follows(name, 0, 1);
    const refused = plane()
      .audit()
      .filter(
        ({ user, responseStatus }) => user.username === account.username && responseStatus?.code === 429,
      );
    expect(refused.length).toBeGreaterThan(0);
    await plane().api.request('DELETE', `${FLOW}/flowschemas/${metadata.name}`);
  });

  test('the queue goes away and comes back', async () => {
    const own = await startQueue(await freePort());
    await pools.apply('lost', {
      queue: { url: own.url, taskQueue: 'lost' },
      scaling: { fallbackReplicas: 2, fallbackAfterSeconds: 1 },
    });
    await eventually(async () => {
      expect(await pools.condition('lost', 'ScalingActive')).toMatchObject({ status: 'True' });
    });
    await own.close();
    await eventually(async () => {
      expect(await pools.replicas('lost')).toBe(2);
      expect(await pools.condition('lost', 'ScalingActive')).toMatchObject({
        status: 'False',
        reason: 'FallbackReplicas',
      });
      expect(await pools.condition('lost', 'Degraded')).toMatchObject({
        status: 'True',
        reason: 'QueueUnreachable',
      });
    });
    const back = await startQueue(Number(new URL(own.url).port));
    await eventually(async () => {
      expect(await pools.condition('lost', 'ScalingActive')).toMatchObject({ status: 'True' });
      expect((await pools.events('lost')).map((event) => event.split(':')[0])).toEqual(
        expect.arrayContaining(['QueueLost', 'QueueBack', 'ScaledUp']),
      );
    });
    await back.close();
  });

  test('a pool that an older version of the CRD admitted reports what is wrong with it', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/renderpools.renderfleet.dev';
    const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const loosened = { type: 'object', properties: { spec: open, status: open } };
    const body = [{ op: 'replace', path: '/spec/versions/0/schema/openAPIV3Schema', value: loosened }];
    await plane().api.request('PATCH', path, { body, contentType: 'application/json-patch+json' });
    await eventually(() => pools.apply('old', { queue: 'here', scaling: { minReplicas: 'many' } }));
    await pools.apply('older', {});
    await plane().installCrd();
    await pools.apply('sound', queue.specOf('sound', { scaling: { minReplicas: 1 } }));
    await follows('sound', 0, 1);
    // The API server rejects the status of an object whose spec it would reject now, but not an event.
    await eventually(async () => {
      expect(await pools.events('old')).toContainEqual(
        expect.stringMatching(/^InvalidSpec: spec\.queue: .*; spec\.scaling\.minReplicas: /),
      );
      expect(await pools.events('older')).toContainEqual(
        expect.stringMatching(/^InvalidSpec: spec\.queue: /),
      );
    });
    await pools.apply('older', queue.specOf('older', { scaling: { minReplicas: 1 } }));
    await follows('older', 0, 1);
  });
});
