import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderPoolSpecSchema } from '../operator/api/render-pool.ts';
import { structuralSchema } from '../operator/api/structural-schema.ts';

/** The schema of the chart's values, from the project's root. */
export const VALUES_SCHEMA = 'charts/renderfleet/values.schema.json';

type Schema = Record<string, unknown>;

/** The schema of the chart's values with that of a RenderPool's spec in it, so that Helm catches typos there, too. */
export function valuesSchema(): string {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '..', VALUES_SCHEMA), 'utf8')) as {
    $defs: Record<string, unknown>;
  };
  // The chart adds the queue, so that a spec may be without one.
  schema.$defs.renderPoolSpec = { ...shut(structuralSchema(renderPoolSpecSchema)), required: [] };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** A schema with every object shut that lists its properties and does not keep others, and without what is Kubernetes' own. */
function shut(schema: Schema): Schema {
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in schema;
  const isObject = typeof schema.properties === 'object' && schema.type === 'object';
  const inner = Object.entries(schema)
    .filter(([key]) => !key.startsWith('x-kubernetes-'))
    .map(([key, part]) => [key, shutWithin(part)]);
  return {
    ...(Object.fromEntries(inner) as Schema),
    ...(isObject && !isOpen && { additionalProperties: false }),
  };
}

function shutWithin(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(shutWithin);
  return typeof value === 'object' && value !== null ? shut(value as Schema) : value;
}
