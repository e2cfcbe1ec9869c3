import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { useCluster } from '../harness/kubernetes/use-cluster.ts';
import { startOperator, type OperatorUnderTest } from './support/operator.ts';
import { Pools } from './support/pools.ts';
import { startQueue, type QueueUnderTest } from './support/queue.ts';

jest.setTimeout(300_000);

describeWith(['kubernetes'], 'objects of a pool that another manager changes', () => {
  const cluster = useCluster();
  let queue: QueueUnderTest;
  let operator: OperatorUnderTest;
  let pools: Pools;
  beforeAll(async () => {
    pools = new Pools(cluster(), await cluster().namespace());
    queue = await startQueue();
    operator = startOperator(cluster(), { namespaces: [pools.namespace] });
  });
  afterAll(async () => {
    await operator.stop();
    await queue.close();
  });

  test('deleted objects and changed fields are restored, added fields stay', async () => {
    await pools.apply('kept', queue.specOf('kept', { scaling: { minReplicas: 1 } }));
    await pools.settled('kept', 1);
    pools.kubectl(['annotate', 'deployment', 'kept-renderer', 'example.org/owner=someone']);
    pools.kubectl(['scale', 'deployment', 'kept-renderer', '--replicas=4']);
    pools.kubectl(['set', 'image', 'deployment/kept-renderer', 'renderer=evil:latest']);
    pools.kubectl([
      'patch',
      'service',
      'kept-renderer',
      '--type=merge',
      '-p',
      '{"spec":{"selector":{"app":"other"}}}',
    ]);
    pools.kubectl([
      'patch',
      'serviceaccount',
      'kept-renderer',
      '--type=merge',
      '-p',
      '{"automountServiceAccountToken":null}',
    ]);
    pools.kubectl(['delete', 'poddisruptionbudget,networkpolicy', 'kept-renderer']);
    await eventually(async () => {
      const { spec, metadata } = await pools.deployment('kept');
      expect(spec?.replicas).toBe(1);
      expect(JSON.stringify(spec)).toContain('renderfleet/renderer:test');
      expect(metadata.annotations).toMatchObject({ 'example.org/owner': 'someone' });
      const service = await pools.child('v1', 'services', 'kept');
      expect(service.spec?.selector).not.toHaveProperty('app');
      expect(await pools.child('v1', 'serviceaccounts', 'kept')).toMatchObject({
        automountServiceAccountToken: false,
      });
      await pools.child('policy/v1', 'poddisruptionbudgets', 'kept');
      await pools.child('networking.k8s.io/v1', 'networkpolicies', 'kept');
    });
  });

  test('a field that excludes one of the operator is removed', async () => {
    const patch = (kind: string, value: object) =>
      pools.kubectl(['patch', kind, 'excluded-renderer', '--type=json', '-p', JSON.stringify(value)]);
    await pools.apply('excluded', queue.specOf('excluded'));
    await pools.settled('excluded', 0);
    pools.kubectl(['annotate', 'pdb', 'excluded-renderer', 'example.org/owner=someone']);
    patch('pdb', [
      { op: 'remove', path: '/spec/maxUnavailable' },
      { op: 'add', path: '/spec/minAvailable', value: 1 },
    ]);
    const probe = '/spec/template/spec/containers/0/livenessProbe';
    patch('deployment', [
      { op: 'remove', path: `${probe}/httpGet` },
      { op: 'add', path: `${probe}/exec`, value: { command: ['true'] } },
    ]);
    await eventually(async () => {
      const budget = await pools.child('policy/v1', 'poddisruptionbudgets', 'excluded');
      expect(budget.spec).toMatchObject({ maxUnavailable: '25%' });
      expect(budget.spec).not.toHaveProperty('minAvailable');
      expect(budget.metadata.annotations).toMatchObject({ 'example.org/owner': 'someone' });
      const text = JSON.stringify((await pools.deployment('excluded')).spec);
      expect(text).toContain('"livenessProbe":{"httpGet"');
    });
  });

  test.each([
    ['serviceaccount', { apiVersion: 'v1', kind: 'ServiceAccount' }],
    ['service', { apiVersion: 'v1', kind: 'Service', spec: { clusterIP: 'None', ports: [{ port: 80 }] } }],
  ])('a %s that belongs to someone else is not taken over', async (kind, object) => {
    const pool = `taken-${kind}`;
    pools.kubectl(['create', '-f', '-'], { ...object, metadata: { name: `${pool}-renderer` } });
    await pools.apply(pool, queue.specOf(pool));
    await eventually(async () => {
      expect(await pools.condition(pool, 'Degraded')).toMatchObject({
        status: 'True',
        reason: 'NameTaken',
      });
    });
    pools.kubectl(['delete', kind, `${pool}-renderer`]);
    await pools.settled(pool, 0);
  });
});
