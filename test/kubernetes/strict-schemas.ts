import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type Schema = Record<string, unknown>;
interface OpenApi {
  components?: { schemas?: Record<string, Schema> };
}

const REFERENCE = '#/components/schemas/';

/**
 * Writes the JSON schema of every kind of an API server, including custom ones, to where kubeconform finds them offline:
 * `FOLDER/{{.ResourceKind}}{{.KindSuffix}}.json`, strict (a field that is not listed is an error).
 *
 * @param get answers a path of the API server with its parsed JSON
 */
export async function writeStrictSchemas(
  get: (path: string) => Promise<unknown>,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { paths } = (await get('/openapi/v3')) as { paths: Record<string, unknown> };
  for (const path of Object.keys(paths)) {
    if (!/^apis?\/.*v\d/.test(path)) continue;
    const { components } = (await get(`/openapi/v3/${path}`)) as OpenApi;
    for (const [name, file] of kindsOf(components?.schemas ?? {})) {
      const closed = closure(name, components?.schemas ?? {});
      await writeFile(join(folder, file), JSON.stringify(closed));
    }
  }
}

/** The schemas of kinds, each with the file name that kubeconform expects. */
function* kindsOf(schemas: Record<string, Schema>): Generator<[name: string, file: string]> {
  for (const [name, schema] of Object.entries(schemas)) {
    const kinds = (schema['x-kubernetes-group-version-kind'] ?? []) as Record<string, string>[];
    const [only, ...more] = kinds;
    if (only === undefined || more.length > 0) continue;
    const { group = '', version = '', kind = '' } = only;
    const parts = [kind, ...(group === '' ? [] : [group.split('.')[0]]), version];
    yield [name, `${parts.join('-').toLowerCase()}.json`];
  }
}

function closure(name: string, schemas: Record<string, Schema>): Schema {
  const found: Record<string, Schema> = {};
  const visit = (next: string): void => {
    if (found[next]) return;
    const strict = (found[next] = closed(schemas[next] ?? {}) as Schema);
    for (const [, target] of JSON.stringify(strict).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      visit(target ?? '');
    }
  };
  visit(name);
  return { $ref: REFERENCE + name, components: { schemas: found } };
}

/** The schema with unknown fields forbidden in every object that lists its properties and does not keep others. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in schema;
  const isObject = typeof schema.properties === 'object' && schema.type === 'object';
  return isObject && !open ? { ...schema, additionalProperties: false } : schema;
}
