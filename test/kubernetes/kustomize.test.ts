import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { kustomizeBase, KUSTOMIZE_BASE } from '../../tools/kustomize-base.ts';
import { describeWith } from '../harness/describe-with.ts';
import { find, parseObjects, ROOT } from './chart.ts';
import { output, run, toolPath } from './tools.ts';

const kustomize = (overlay: string): Promise<string> =>
  output('kubectl', ['kustomize', join(ROOT, 'k8s/overlays', overlay)]);

describeWith(['helm'], 'the kustomize base and its overlays', () => {
  test('the base equals what the chart renders', async () => {
    const rendered = kustomizeBase(toolPath('helm'));
    expect([...(rendered?.keys() ?? [])]).toEqual(KUSTOMIZE_BASE);
    for (const [path, content] of rendered ?? []) {
      expect(await readFile(join(ROOT, path), 'utf8')).toBe(content);
    }
  });

  test.each(['development', 'production'])(
    'the overlay %s passes kube-score without criticals',
    async (overlay) => {
      const manifests = await kustomize(overlay);
      const { stdout } = await run('kube-score', ['score', '--output-format', 'ci', '-'], {
        input: manifests,
      });
      expect(stdout.match(/^\[CRITICAL\].*/gm)).toBeNull();
    },
  );

  test.each(['development', 'production'])(
    'the overlay %s puts everything into one namespace',
    async (overlay) => {
      const objects = parseObjects(await kustomize(overlay));
      const namespaced = objects.filter(
        ({ kind }) =>
          !kind.startsWith('ClusterRole') && !['CustomResourceDefinition', 'Namespace'].includes(kind),
      );
      expect(new Set(namespaced.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['renderfleet']));
      const binding = find(objects, 'ClusterRoleBinding') as unknown as { subjects: { namespace: string }[] };
      expect(binding.subjects.map(({ namespace }) => namespace)).toEqual(['renderfleet']);
    },
  );

  test('development is not persistent, production is', async () => {
    const claims = async (overlay: string) =>
      find(parseObjects(await kustomize(overlay)), 'StatefulSet').spec?.volumeClaimTemplates;
    expect(await claims('development')).toBeUndefined();
    expect(await claims('production')).toHaveLength(1);
  });
});
