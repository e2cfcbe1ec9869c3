import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { useCluster } from '../harness/kubernetes/use-cluster.ts';
import { objects, ROOT, template, VALUE_FILES } from './chart.ts';
import { writeStrictSchemas } from './strict-schemas.ts';
import { output, run } from './tools.ts';

const MINUTE = 60_000;
const MONITORING = ['servicemonitors', 'prometheusrules'];

/** The schemas of custom resources; the API server publishes them some time after it accepts their CRDs. */
const CUSTOM_SCHEMAS = [
  'servicemonitor-monitoring-v1.json',
  'prometheusrule-monitoring-v1.json',
  'renderpool-renderfleet-v1alpha1.json',
];

describeWith(['kubernetes', 'helm'], 'manifests against a real API server', () => {
  const cluster = useCluster();
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'renderfleet-schemas-'));
    for (const name of MONITORING) {
      const file = join(ROOT, `test/kubernetes/schemas/monitoring.coreos.com_${name}.yaml`);
      const crd = cluster().kubectl(['apply', '--server-side', '-f', '-'], await readFile(file, 'utf8'));
      expect(crd).toMatchObject({ code: 0 });
    }
    await eventually(async () => {
      await writeStrictSchemas((path) => cluster().api.request('GET', path), folder);
      expect(await readdir(folder)).toEqual(expect.arrayContaining(CUSTOM_SCHEMAS));
    });
  }, MINUTE);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** The errors of kubeconform -strict for manifests. */
  async function faultsOf(manifests: string): Promise<string> {
    const location = `${folder}/{{.ResourceKind}}{{.KindSuffix}}.json`;
    const { stdout, stderr } = await run('kubeconform', ['-strict', '-schema-location', location, '-'], {
      input: manifests,
    });
    return stdout + stderr;
  }

  const everything = {
    'queue.autoscaling.enabled': true,
    'renderPool.enabled': true,
    'seccompProfile.install': true,
    'monitoring.serviceMonitor.enabled': true,
    'monitoring.prometheusRule.enabled': true,
    'monitoring.dashboard.enabled': true,
    'operator.watchNamespaces': ['a', 'b'],
  };

  test.each([
    ...Object.entries(VALUE_FILES).map(([name, files]) => [name, { files }] as const),
    ['everything on', { set: everything }] as const,
  ])(
    'the chart passes kubeconform -strict with the values %s',
    async (_name, values) => {
      expect(await faultsOf(await template(values))).toBe('');
    },
    MINUTE,
  );

  test(
    'a misspelled field does not pass',
    async () => {
      const manifests = (await template()).replace('revisionHistoryLimit:', 'revisionHistoryLimits:');
      expect(await faultsOf(manifests)).toContain('additional properties');
    },
    MINUTE,
  );

  test.each(['development', 'production'])(
    'the overlay %s passes kubeconform -strict',
    async (overlay) => {
      const manifests = await output('kubectl', ['kustomize', join(ROOT, 'k8s/overlays', overlay)]);
      expect(await faultsOf(manifests)).toBe('');
    },
    MINUTE,
  );

  test(
    'the API server admits every object, with its rules for RenderPools, under Pod Security "restricted"',
    async () => {
      const namespace = await cluster().namespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
      const all = await objects({ set: { 'renderPool.enabled': true, 'queue.autoscaling.enabled': true } });
      const own = all
        .filter(({ kind }) => kind !== 'CustomResourceDefinition')
        .map((object) => ({ ...object, metadata: { ...object.metadata, namespace } }));
      const list = { apiVersion: 'v1', kind: 'List', items: own };
      // Pods need it, and the cluster's controller takes a moment to create it.
      cluster().kubectl(['create', 'serviceaccount', 'default', '--namespace', namespace]);
      const apply = ['apply', '--server-side', '--dry-run=server', '--filename', '-'];
      const { code, stderr } = cluster().kubectl(apply, JSON.stringify(list));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
    MINUTE,
  );
});
