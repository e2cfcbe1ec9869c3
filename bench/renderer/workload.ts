import { join } from 'node:path';
import { createComposer } from '../../renderer/compose/compose.ts';
import { loadRendererConfig } from '../../renderer/config.ts';
import { openSources } from '../../renderer/sources.ts';

/** The static directory of the benchmarks' own resource, before those of the project. */
export const STATIC_DIRECTORY = join(import.meta.dirname, 'static');

const config = loadRendererConfig({ STATIC_DIRECTORY });

export const { staticDirectories } = config;

/** A task for one copy of a resource on A4. */
export function taskOf(slug: string): Record<string, unknown> {
  return {
    kind: 'task#render',
    resource_slug: slug,
    resource_name: slug,
    resource_view: slug,
    url: `example.org/${slug}`,
    paper_size: 'a4',
    copies: 1,
  };
}

/** The HTML that the renderer prints for such a task. */
export async function htmlOf(slug: string): Promise<string> {
  const compose = createComposer(openSources(config));
  return (await compose(taskOf(slug), 'bench')).html;
}
