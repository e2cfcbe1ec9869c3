import { join } from 'node:path';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { stringify } from 'yaml';
import { customResourceDefinition } from '../../operator/api/crd.ts';
import { parseSpec, type RenderPool } from '../../operator/api/render-pool.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { useCluster } from '../harness/kubernetes/use-cluster.ts';
import { QUEUE, WRONG_SPECS } from './support/wrong-specs.ts';

jest.setTimeout(120_000);

const SAMPLES = join(import.meta.dirname, '../../k8s/samples');

describeWith(['kubernetes'], 'the RenderPool definition on an API server', () => {
  const cluster = useCluster();
  let namespace: string;
  beforeAll(async () => {
    namespace = await cluster().namespace();
  });

  const manifest = (spec: unknown, name: string) =>
    stringify({ apiVersion: 'renderfleet.dev/v1alpha1', kind: 'RenderPool', metadata: { name }, spec });
  const apply = (spec: unknown, name = 'documents') =>
    cluster().kubectl(['-n', namespace, 'apply', '-f', '-'], manifest(spec, name));

  test('six lines define a pool, with the same defaults as in the operator', () => {
    const lines = [
      'apiVersion: renderfleet.dev/v1alpha1',
      'kind: RenderPool',
      'metadata: { name: six }',
      'spec:',
      '  queue:',
      '    service: { name: renderfleet-queue }',
    ];
    expect(cluster().kubectl(['-n', namespace, 'apply', '-f', '-'], lines.join('\n'))).toMatchObject({
      code: 0,
    });
    const stored = cluster().kubectl(['-n', namespace, 'get', 'rp', 'six', '-o', 'json']);
    const { spec } = JSON.parse(stored.stdout) as RenderPool;
    const own = parseSpec({ spec: { queue: { service: { name: 'renderfleet-queue' } } } } as RenderPool);
    expect(own).toEqual({ ok: true, spec });
  });

  test.each(WRONG_SPECS)('kubectl apply says what is wrong with %s', (_, spec, message) => {
    const { code, stderr } = apply(spec);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(new RegExp(message));
  });

  test('a name that is not valid for a Service is refused', () => {
    expect(apply({ queue: QUEUE }, '1pool').stderr).toMatch(/at most 50 lower-case letters/);
    expect(apply({ queue: QUEUE }, 'p'.repeat(51)).stderr).toMatch(/at most 50 lower-case letters/);
    expect(apply({ queue: QUEUE }, 'p'.repeat(50))).toMatchObject({ code: 0 });
  });

  test('the queue of a pool cannot be changed, the rest can', () => {
    expect(apply({ queue: QUEUE }, 'fixed')).toMatchObject({ code: 0 });
    expect(apply({ queue: { ...QUEUE, taskQueue: 'other' } }, 'fixed').stderr).toMatch(
      /taskQueue: .*cannot be changed/,
    );
    expect(apply({ queue: { ...QUEUE, project: 'other' } }, 'fixed').stderr).toMatch(
      /project: .*cannot be changed/,
    );
    expect(
      apply({ queue: { url: 'http://elsewhere:1' }, scaling: { maxReplicas: 3 } }, 'fixed'),
    ).toMatchObject({ code: 0 });
  });

  test('kubectl scale sets the replicas, or reports why not', () => {
    apply({ queue: QUEUE }, 'scaled');
    const scale = (replicas: number) =>
      cluster().kubectl(['-n', namespace, 'scale', 'rp/scaled', `--replicas=${replicas}`]);
    expect(scale(3)).toMatchObject({ code: 0 });
    const path = `/apis/renderfleet.dev/v1alpha1/namespaces/${namespace}/renderpools/scaled/scale`;
    expect(JSON.parse(cluster().kubectl(['get', '--raw', path]).stdout)).toMatchObject({
      spec: { replicas: 3 },
    });
    expect(scale(11).stderr).toMatch(/replicas must be at most scaling.maxReplicas/);
    expect(scale(0)).toMatchObject({ code: 0 });
  });

  test('kubectl autoscale works with the HorizontalPodAutoscaler', async () => {
    apply({ queue: QUEUE, replicas: 1 }, 'autoscaled');
    // The status that an operator would have written by now.
    const status = JSON.stringify({ status: { replicas: 1, selector: 'renderfleet.dev/pool=autoscaled' } });
    const patch = ['patch', 'rp', 'autoscaled', '--subresource=status', '--type=merge', '-p', status];
    expect(cluster().kubectl(['-n', namespace, ...patch])).toMatchObject({ code: 0 });
    const { code } = cluster().kubectl(['-n', namespace, 'autoscale', 'rp/autoscaled', '--min=2', '--max=5']);
    expect(code).toBe(0);
    await eventually(
      () => {
        const found = cluster().kubectl([
          '-n',
          namespace,
          'get',
          'rp',
          'autoscaled',
          '-o',
          'jsonpath={.spec.replicas}',
        ]);
        expect(found.stdout).toBe('2');
      },
      { everyMs: 500 },
    );
  });

  test('the samples are valid', () => {
    expect(cluster().kubectl(['-n', namespace, 'apply', '--dry-run=server', '-f', SAMPLES])).toMatchObject({
      code: 0,
    });
  });

  test('kubectl get has the columns, kubectl explain the descriptions', () => {
    const header = cluster().kubectl(['-n', namespace, 'get', 'renderpools']).stdout.split('\n')[0];
    expect(header?.split(/\s+/).filter(Boolean)).toEqual([
      'NAME',
      'READY',
      'REPLICAS',
      'DESIRED',
      'BACKLOG',
      'OLDEST',
      'AGE',
    ]);
    expect(cluster().kubectl(['explain', 'rp.spec.scaling.idleSeconds']).stdout).toMatch(
      /before the last pod is removed/,
    );
  });
});

test('every field of the definition is described', () => {
  const undescribed: string[] = [];
  const visit = (node: Record<string, unknown>, path: string) => {
    const { properties, items, description } = node as {
      properties?: Record<string, Record<string, unknown>>;
      items?: Record<string, unknown>;
      description?: string;
    };
    if (!description) undescribed.push(path);
    for (const [name, child] of Object.entries(properties ?? {})) visit(child, `${path}.${name}`);
    if (items) visit(items, `${path}[]`);
  };
  const schema = customResourceDefinition().spec.versions[0]?.schema.openAPIV3Schema.properties;
  visit({ ...schema?.spec }, 'spec');
  visit({ ...schema?.status }, 'status');
  expect(undescribed).toEqual([]);
});
