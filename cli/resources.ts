import { listResources, type Catalogue, type ListedResource } from '../renderer/catalogue/catalogue.ts';
import { allowedValues, optionSchemas } from '../renderer/catalogue/usual-options.ts';
import { table } from './table.ts';

/** The resources there are, with their options: a table, or one JSON value a line. */
export async function resources(catalogue: Catalogue, { json = false }: { json?: boolean }): Promise<string> {
  const entries = await listResources(catalogue);
  if (json) return entries.map((entry) => JSON.stringify(entry)).join('\n');
  return table(['SLUG', 'NAME', 'OPTIONS'], entries.map(row));
}

function row(entry: ListedResource): string[] {
  if ('fault' in entry) return [entry.slug, '-', entry.fault.replaceAll(/\s*\n\s*/g, ' ')];
  const options = optionSchemas({ optionsSchema: entry.options }).map(([key, schema]) => {
    return `${key} (${allowedValues(schema)?.join(', ') ?? schema.type ?? 'any'})`;
  });
  return [entry.slug, entry.name, options.join('; ')];
}
