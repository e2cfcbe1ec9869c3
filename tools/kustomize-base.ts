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

/** Paths of the kustomize base's files from the root of the repository, one for each component. */
export const KUSTOMIZE_BASE = COMPONENTS.map((component) => `${FOLDER}/${component}.yaml`);

/**
 * The files of the kustomize base by path: the chart as Helm renders it, without Helm's own labels, so that the two cannot
 * differ. Undefined when Helm is not installed.
 *
 * @param helm name or path of the program
 * @throws Error with Helm's message when Helm rejects the chart
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

/** Removes Helm's labels from an object and from its pod template. */
function withoutHelm(manifest: Manifest): unknown {
  return JSON.parse(JSON.stringify(manifest), (key, value: unknown) => {
    if (key !== 'labels' || typeof value !== 'object' || value === null) return value;
    const labels = Object.entries(value).filter(
      ([name, text]) => name !== 'helm.sh/chart' && text !== 'Helm',
    );
    return Object.fromEntries(labels);
  }) as unknown;
}
