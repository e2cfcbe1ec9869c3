/**
 * The kustomize base is the chart's rendering, without what only Helm needs, so that the two cannot differ:
 * `node test/kubernetes/base.ts` writes it, kustomize.test.ts checks it.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { CHART, parseObjects, ROOT, type KubernetesObject } from './chart.ts';
import { output } from './tools.ts';

const VALUES = {
  fullnameOverride: 'renderfleet',
  'crds.install': false,
  'redis.auth.existingSecret': 'renderfleet-redis',
};
const COMPONENTS = ['queue', 'redis', 'operator'] as const;
const HEADER =
  '# Rendered from charts/renderfleet by `node test/kubernetes/base.ts`; change the chart, not this.\n';

/** The base's files by name: one a component. */
export async function renderBase(): Promise<Record<string, string>> {
  const set = Object.entries(VALUES).flatMap(([key, value]) => [
    '--set-json',
    `${key}=${JSON.stringify(value)}`,
  ]);
  const flags = ['--namespace', 'renderfleet', '--skip-tests', ...set];
  const all = parseObjects(await output('helm', ['template', 'renderfleet', CHART, ...flags]));
  const files = COMPONENTS.map((component) => {
    const own = all.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === component);
    return [`${component}.yaml`, HEADER + own.map((object) => stringify(withoutHelm(object))).join('---\n')];
  });
  return Object.fromEntries(files) as Record<string, string>;
}

/** Takes the marks of Helm off an object and off the pods that it makes. */
function withoutHelm(object: KubernetesObject): unknown {
  return JSON.parse(JSON.stringify(object), (key, value: unknown) => {
    if (key !== 'labels' || typeof value !== 'object' || value === null) return value;
    const labels = Object.entries(value).filter(
      ([name, text]) => name !== 'helm.sh/chart' && text !== 'Helm',
    );
    return Object.fromEntries(labels);
  }) as unknown;
}

if (import.meta.main) {
  for (const [name, content] of Object.entries(await renderBase())) {
    await writeFile(join(ROOT, 'k8s/base', name), content);
  }
}
