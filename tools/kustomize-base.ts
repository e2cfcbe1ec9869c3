import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = 'k8s/base';
const COMPONENTS = ['queue', 'redis', 'operator'];
const SETTINGS = [
  'fullnameOverride=renderfleet',
  'crds.install=false',
  'redis.auth.existingSecret=renderfleet-redis',
];
const HEADER = '# Rendered from charts/renderfleet by `npm run generate`; change the chart, not this.\n';
const HELM_MILLISECONDS = 60_000;

interface Manifest {
  metadata: { labels?: Record<string, string> };
}

/** The paths of the kustomize base's files, from the project's root: one a component. */
export const KUSTOMIZE_BASE = COMPONENTS.map((component) => `${FOLDER}/${component}.yaml`);

/**
 * What the kustomize base must hold, by path: the chart's rendering without what only Helm needs, so that the two cannot
 * differ. Undefined where there is no such program.
 *
 * @throws Error with Helm's own words when it refuses the chart.
 */
export function kustomizeBase(helm = 'helm'): Map<string, string> | undefined {
  const set = SETTINGS.flatMap((setting) => ['--set', setting]);
  const chart = join(ROOT, 'charts/renderfleet');
  const flags = ['template', 'renderfleet', chart, '--namespace', 'renderfleet', '--skip-tests', ...set];
  const rendered = run(helm, flags);
  if (rendered === undefined) return undefined;
  const manifests = parseAllDocuments(rendered)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
  return new Map(
    COMPONENTS.map((component) => {
      const own = manifests.filter(
        ({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === component,
      );
      const text = own.map((manifest) => stringify(withoutHelm(manifest))).join('---\n');
      return [`${FOLDER}/${component}.yaml`, HEADER + text];
    }),
  );
}

function run(program: string, flags: string[]): string | undefined {
  try {
    return execFileSync(program, flags, { encoding: 'utf8', timeout: HELM_MILLISECONDS });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes the marks of Helm off an object and off the pods that it makes. */
function withoutHelm(manifest: Manifest): unknown {
  return JSON.parse(JSON.stringify(manifest), (key, value: unknown) => {
    if (key !== 'labels' || typeof value !== 'object' || value === null) return value;
    const labels = Object.entries(value).filter(
      ([name, text]) => name !== 'helm.sh/chart' && text !== 'Helm',
    );
    return Object.fromEntries(labels);
  }) as unknown;
}
