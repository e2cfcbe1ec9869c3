import type { Catalogue } from './catalogue.ts';

/** A resource as clients see it; `options` is a JSON Schema (2020-12). A user's resource that cannot be read has a fault. */
export type ListedResource =
  | {
      slug: string;
      name: string;
      description?: string | undefined;
      language: string;
      options: Record<string, unknown>;
    }
  | { slug: string; fault: string };

/** All resources, sorted by slug, as JSON. */
export async function listResources(catalogue: Catalogue): Promise<ListedResource[]> {
  return (await catalogue.list()).map((entry) => {
    if ('fault' in entry) return entry;
    const { name, description, language, optionsSchema } = entry.resource;
    return { slug: entry.slug, name, description, language, options: optionsSchema };
  });
}
