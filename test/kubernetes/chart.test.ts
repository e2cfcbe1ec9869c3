import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import {
  CHART,
  VALUE_FILES,
  containerOf,
  find,
  objects,
  tryTemplate,
  type KubernetesObject,
} from './chart.ts';
import { output, run } from './tools.ts';

const SECONDS = 1000;
const RENDER_POOL = 'renderfleet.dev/v1alpha1/RenderPool';
const DIGEST = `sha256:${'a'.repeat(64)}`;

/** Options of the chart that are off by default. */
const OPTIONAL = [
  'seccompProfile.install',
  'renderPool.enabled',
  'queue.autoscaling.enabled',
  'monitoring.serviceMonitor.enabled',
  'monitoring.prometheusRule.enabled',
  'monitoring.dashboard.enabled',
];

describeWith(['helm'], 'the chart', () => {
  test.each(Object.entries(VALUE_FILES))(
    'passes helm lint --strict with the values %s',
    async (_name, files) => {
      const values = files.flatMap((file) => ['--values', file]);
      const { code, stdout, stderr } = await run('helm', ['lint', '--strict', CHART, ...values]);
      expect({ code, faults: `${stdout}${stderr}`.match(/\[(ERROR|WARNING)\].*/g) }).toEqual({
        code: 0,
        faults: null,
      });
    },
    60 * SECONDS,
  );

  test.each([
    ['a misspelled section', { 'queu.replicas': 2 }, 'queu'],
    ['a misspelled key', { 'queue.replica': 2 }, 'replica'],
    ['a number as text', { 'queue.replicas': 'two' }, 'replicas'],
    ['an unknown fsync policy', { 'redis.appendfsync': 'sometimes' }, 'appendfsync'],
    ['a digest that is none', { 'queue.image.digest': 'sha256:abc' }, 'digest'],
    ['an external Redis without an address', { 'redis.enabled': false }, 'host'],
    ['Sentinels without one', { 'redis.enabled': false, 'externalRedis.mode': 'sentinel' }, 'nodes'],
    ['a misspelled field of the pool', { 'renderPool.spec': { scaling: { minReplica: 1 } } }, 'minReplica'],
    ["a misspelled field of the test's pool", { 'tests.renderer.deamons': 1 }, 'deamons'],
    ['a value that no pool may have', { 'renderPool.spec.scaling.maxReplicas': -1 }, 'maxReplicas'],
    ['a misspelled affinity', { 'queue.affinity': { podAffinty: {} } }, 'podAffinty'],
    ['a Secret without its key', { 'tests.tokenSecret': { name: 'token' } }, 'key'],
    ['an amount that is none', { 'redis.resources.limits.memory': '1Gig' }, 'memory'],
    ['an unknown log level', { 'operator.logLevel': 'inof' }, 'logLevel'],
  ])('refuses %s by name', async (_what, set, name) => {
    const { code, stderr } = await tryTemplate({ set });
    expect(code).not.toBe(0);
    expect(stderr).toContain(name);
  });

  test('names images by registry, digest and version', async () => {
    const { appVersion } = (await import('yaml')).parse(await readFile(`${CHART}/Chart.yaml`, 'utf8')) as {
      appVersion: string;
    };
    const image = async (set: object, ending: string) =>
      containerOf(find(await objects({ set: { ...set } }), 'Deployment', ending)).image;
    expect(await image({}, 'queue')).toBe(`renderfleet/queue:${appVersion}`);
    expect(await image({ 'queue.image.digest': DIGEST }, 'queue')).toBe(`renderfleet/queue@${DIGEST}`);
    const mirrored = await objects({ set: { imageRegistry: 'registry.example.org/mirror' } });
    expect(containerOf(find(mirrored, 'StatefulSet')).image).toBe(
      'registry.example.org/mirror/library/redis:7-bookworm',
    );
    const renderer = containerOf(find(mirrored, 'Deployment', 'operator')).env.find(
      ({ name }) => name === 'RENDERER_IMAGE',
    );
    expect(renderer?.value).toBe(`registry.example.org/mirror/renderfleet/renderer:${appVersion}`);
  });

  test('keeps the CRD on request, and leaves it out on request', async () => {
    const policy = async (set: object) =>
      find(await objects({ set: { ...set } }), 'CustomResourceDefinition').metadata.annotations?.[
        'helm.sh/resource-policy'
      ];
    expect(await policy({})).toBe('keep');
    expect(await policy({ 'crds.keep': false })).toBeUndefined();
    const kinds = (await objects({ set: { 'crds.install': false } })).map(({ kind }) => kind);
    expect(kinds).not.toContain('CustomResourceDefinition');
  });

  const withPool = { 'renderPool.enabled': true, 'renderPool.spec': { scaling: { maxReplicas: 9 } } };
  const poolsOf = (all: KubernetesObject[]) =>
    all.filter(({ kind, metadata }) => kind === 'RenderPool' && metadata.name === 'default');

  test('creates a pool whose spec merges the given one over its own', async () => {
    const [pool, ...more] = poolsOf(await objects({ set: withPool, apiVersions: [RENDER_POOL] }));
    expect(more).toEqual([]);
    expect(pool?.metadata.annotations).toBeUndefined();
    expect(pool?.spec).toMatchObject({
      queue: { service: { name: 'fleet-renderfleet-queue', port: 8080 } },
      scaling: { maxReplicas: 9 },
    });
  });

  test('creates it after the CRD where that is new, so that the next upgrade adopts it', async () => {
    const [pool, goes] = poolsOf(await objects({ set: withPool }));
    expect(pool?.metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'Helm' });
    expect(pool?.metadata.annotations).toEqual({
      'helm.sh/hook': 'post-install',
      'meta.helm.sh/release-name': 'fleet',
      'meta.helm.sh/release-namespace': 'documents',
    });
    expect(goes?.metadata.annotations?.['helm.sh/hook']).toBe('pre-delete');
    expect(goes?.spec).toMatchObject({ paused: true, scaling: { maxReplicas: 9 } });
  });

  test('gives an operator of listed namespaces no permission outside them', async () => {
    const all = await objects({ set: { 'operator.watchNamespaces': ['a', 'b'] } });
    expect(all.filter(({ kind }) => kind.startsWith('ClusterRole'))).toEqual([]);
    const roles = all.filter(({ kind, metadata }) => kind === 'Role' && metadata.name.endsWith('operator'));
    expect(roles.map(({ metadata }) => metadata.namespace)).toEqual(['a', 'b']);
  });

  test("puts the user's labels on every object", async () => {
    const all = await objects({ set: { commonLabels: { team: 'documents' } } });
    const without = all.filter(({ metadata }) => metadata.labels?.team !== 'documents');
    expect(without.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([]);
  });

  test('runs every pod without root, privileges and a writable root file system', async () => {
    const all = await objects();
    const workloads = all.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind));
    expect(workloads).toHaveLength(3);
    for (const workload of workloads) {
      expect(containerOf(workload)).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ['ALL'] },
        },
      });
    }
  });

  async function criticals(values: string[]): Promise<{ code: number; found: string[] | null }> {
    const input = await output('helm', ['template', 'fleet', CHART, ...values]);
    const { code, stdout } = await run('kube-score', ['score', '--output-format', 'ci', '-'], { input });
    return { code, found: stdout.match(/^\[CRITICAL\].*/gm) };
  }

  test.each(Object.entries(VALUE_FILES))(
    'passes kube-score without criticals with the values %s',
    async (_name, files) => {
      const values = files.flatMap((file) => ['--values', file]);
      expect(await criticals(values)).toEqual({ code: 0, found: null });
    },
    60 * SECONDS,
  );

  test('passes kube-score without criticals with every optional feature on', async () => {
    const values = OPTIONAL.flatMap((name) => ['--set', `${name}=true`]);
    expect(await criticals(values)).toEqual({ code: 0, found: null });
  });
});
