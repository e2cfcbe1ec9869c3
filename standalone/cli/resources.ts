import type { Catalogue } from '../../renderer/catalogue.ts';
import { table } from './table.ts';

/** Prints the resources there are, with their options. */
export async function resources(catalogue: Catalogue, { json = false }: { json?: boolean }): Promise<void> {
  const entries = await catalogue.list();
  if (json) {
    for (const entry of entries) {
      const what =
        'fault' in entry
          ? entry
          : { slug: entry.slug, name: entry.resource.name, options: entry.resource.optionsSchema };
      console.log(JSON.stringify(what));
    }
    return;
  }
  const rows = entries.map((entry) =>
    'fault' in entry
      ? [entry.slug, '-', entry.fault]
      : [entry.slug, entry.resource.name, describeOptions(entry.resource.optionsSchema)],
  );
  console.log(table(['SLUG', 'NAME', 'OPTIONS'], rows));
}

function describeOptions(schema: Record<string, unknown>): string {
  const properties = Object.entries(
    (schema.properties ?? {}) as Record<string, { enum?: unknown[]; type?: string }>,
  );
  return properties
    .map(([key, { enum: values, type }]) => `${key} (${values?.join(', ') ?? type ?? 'any'})`)
    .join('; ');
}
