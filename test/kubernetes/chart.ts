import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { output, run, type Ran } from './tools.ts';

export const ROOT = join(import.meta.dirname, '../..');
export const CHART = join(ROOT, 'charts/renderfleet');

/** The values that the chart is tested with: its defaults and each example. */
export const VALUE_FILES = {
  defaults: [],
  development: [join(CHART, 'examples/development.yaml')],
  production: [join(CHART, 'examples/production.yaml')],
  'air-gapped': [join(CHART, 'examples/air-gapped.yaml')],
} satisfies Record<string, string[]>;

/** A Kubernetes object as far as the tests look into it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
  rules?: unknown[];
}

interface Values {
  files?: readonly string[];
  /** Settings as of `--set-json KEY=JSON`. */
  set?: Record<string, unknown>;
  /** API versions of the cluster besides those of Kubernetes. */
  apiVersions?: readonly string[];
}

function flags({ files = [], set = {}, apiVersions = [] }: Values): string[] {
  return [
    ...apiVersions.flatMap((name) => ['--api-versions', name]),
    ...files.flatMap((file) => ['--values', file]),
    ...Object.entries(set).flatMap(([key, value]) => ['--set-json', `${key}=${JSON.stringify(value)}`]),
  ];
}

/** Runs `helm template` on the chart and resolves whether it succeeds or not. */
export function tryTemplate(values: Values = {}): Promise<Ran> {
  return run('helm', ['template', 'fleet', CHART, '--namespace', 'documents', ...flags(values)]);
}

/** The chart's manifests as text. */
export function template(values: Values = {}): Promise<string> {
  return output('helm', ['template', 'fleet', CHART, '--namespace', 'documents', ...flags(values)]);
}

/** The chart's manifests as objects. */
export async function objects(values: Values = {}): Promise<KubernetesObject[]> {
  return parseObjects(await template(values));
}

/** The objects of a stream of YAML documents. */
export function parseObjects(yaml: string): KubernetesObject[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const object = document.toJS() as KubernetesObject | null;
    return object === null ? [] : [object];
  });
}

/** The only object of a kind whose name ends with the given text. */
export function find(all: readonly KubernetesObject[], kind: string, ending = ''): KubernetesObject {
  const found = all.filter((object) => object.kind === kind && object.metadata.name.endsWith(ending));
  const [only, ...more] = found;
  if (only === undefined || more.length > 0) {
    throw new Error(`${found.length} objects of kind ${kind} have a name that ends in '${ending}'`);
  }
  return only;
}

interface Container {
  image: string;
  env: { name: string; value?: string; valueFrom?: unknown }[];
}

/** The first container of a Deployment or StatefulSet. */
export function containerOf(workload: KubernetesObject): Container {
  const spec = workload.spec as { template: { spec: { containers: Container[] } } };
  const [container] = spec.template.spec.containers;
  if (container === undefined) throw new Error(`${workload.metadata.name} has no container`);
  return container;
}
