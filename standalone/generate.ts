import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { operatorRulesYaml } from '../operator/rbac.ts';
import { customResourceDefinitionYaml } from '../operator/render-pool/crd.ts';

/** A file that is kept in the repository although it is derived: its path from the root, and what must be in it. */
interface GeneratedFile {
  path: string;
  content: () => string;
}

const root = join(import.meta.dirname, '..');

const GENERATED: GeneratedFile[] = [
  { path: 'k8s/crd/renderfleet.dev_renderpools.yaml', content: customResourceDefinitionYaml },
  { path: 'charts/renderfleet/files/crd.yaml', content: customResourceDefinitionYaml },
  { path: 'charts/renderfleet/files/operator-rules.yaml', content: operatorRulesYaml },
  // Helm reads files of the chart's own folder only.
  { path: 'charts/renderfleet/files/dashboard.json', content: copyOf('k8s/grafana/renderfleet.json') },
  { path: 'charts/renderfleet/files/seccomp.json', content: copyOf('k8s/seccomp/renderfleet-renderer.json') },
];

const check = process.argv.includes('--check');

for (const { path, content } of GENERATED) {
  const file = join(root, path);
  if (!check) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content());
  } else if (textOf(file) !== content()) {
    console.error(`${path} is not what its source makes of it; run npm run generate`);
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
