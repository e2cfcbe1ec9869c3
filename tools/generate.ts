import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { operatorRulesYaml } from '../operator/cluster/rbac.ts';
import { customResourceDefinitionYaml } from '../operator/api/crd.ts';
import { kustomizeBase, KUSTOMIZE_BASE } from './kustomize-base.ts';
import { missingThumbnails, renewThumbnails, RESOURCES_PAGE, resourcesPage } from './resources-page.ts';
import { VALUES_SCHEMA, valuesSchema } from './values-schema.ts';
import { versionStamps } from './version-stamps.ts';

/** A derived file that is kept in the repository: its path from the root, and its content. */
interface GeneratedFile {
  path: string;
  content: () => string | Promise<string>;
}

const root = join(import.meta.dirname, '..');

const GENERATED: GeneratedFile[] = [
  ...versionStamps(),
  { path: 'k8s/crd/renderfleet.dev_renderpools.yaml', content: customResourceDefinitionYaml },
  { path: 'charts/renderfleet/files/crd.yaml', content: customResourceDefinitionYaml },
  { path: 'charts/renderfleet/files/operator-rules.yaml', content: operatorRulesYaml },
  // Helm reads files of the chart's own folder only.
  { path: 'charts/renderfleet/files/dashboard.json', content: copyOf('k8s/grafana/renderfleet.json') },
  { path: 'charts/renderfleet/files/seccomp.json', content: copyOf('k8s/seccomp/renderfleet-renderer.json') },
  { path: VALUES_SCHEMA, content: valuesSchema },
  { path: RESOURCES_PAGE, content: resourcesPage },
];

const check = process.argv.includes('--check');

// Pixels differ between versions of Chromium, so thumbnails are compared by the digests that the page of resources records.
if (!check) await renewThumbnails();
for (const path of await missingThumbnails()) {
  console.error(`${path} is missing; run npm run generate`);
  process.exitCode = 1;
}

for (const file of GENERATED) await keep(file);

// Last, because it is rendered from the chart, which has generated files.
const base = kustomizeBase();
if (base === undefined)
  console.warn(`${KUSTOMIZE_BASE.join(', ')}: skipped, because helm is not on the PATH`);
for (const [path, content] of base ?? []) await keep({ path, content: () => content });

/** Writes a generated file, or with --check reports that it is out of date. */
async function keep({ path, content }: GeneratedFile): Promise<void> {
  const file = join(root, path);
  if (!check) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await content());
  } else if (textOf(file) !== (await content())) {
    console.error(`${path} is out of date; run npm run generate`);
    process.exitCode = 1;
  }
}

function copyOf(path: string): () => string {
  return () => readFileSync(join(root, path), 'utf8');
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
