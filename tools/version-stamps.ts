import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

const RENDERER_IMAGE = /(?<=renderfleet\/renderer:)[\w.-]+/g;

/** Files that state the project's version, each with where. */
const STAMPED: Record<string, RegExp[]> = {
  'charts/renderfleet/Chart.yaml': [/(?<=^version: ).+$/gm, /(?<=^appVersion: ).+$/gm],
  'k8s/overlays/development/renderpool.yaml': [RENDERER_IMAGE],
  'k8s/overlays/production/renderpool.yaml': [RENDERER_IMAGE],
  'operator/config.ts': [RENDERER_IMAGE],
  'docs/renderpool.md': [RENDERER_IMAGE],
};

/** A file of the repository: its path from the root, and what it must contain. */
export interface StampedFile {
  path: string;
  content: () => string;
}

/** The files that must state the version of package.json, with that version in place of what they state now. */
export function versionStamps(): StampedFile[] {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return Object.entries(STAMPED).map(([path, patterns]) => ({
    path,
    content: () => stamped(readFileSync(join(ROOT, path), 'utf8'), { path, patterns, version }),
  }));
}

/**
 * `text` with `version` wherever a pattern matches.
 *
 * @throws Error when a pattern matches nothing, because a file that was rewritten would silently keep an old version.
 */
export function stamped(
  text: string,
  { path, patterns, version }: { path: string; patterns: RegExp[]; version: string },
): string {
  return patterns.reduce((current, pattern) => {
    if (current.search(pattern) === -1) throw new Error(`${path} does not state the version: ${pattern}`);
    return current.replace(pattern, version);
  }, text);
}
