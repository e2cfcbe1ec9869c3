import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderPoolSpecSchema } from '../operator/api/render-pool.ts';
import { structuralSchema } from '../operator/api/structural-schema.ts';

/** Path of the schema of the chart's values from the root of the repository. */
export const VALUES_SCHEMA = 'charts/renderfleet/values.schema.json';

type Schema = Record<string, unknown>;

/** The schema of the chart's values with the schema of a RenderPool's spec in it, so that Helm finds typing errors there too. */
export function valuesSchema(): string {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '..', VALUES_SCHEMA), 'utf8')) as {
    $defs: Record<string, unknown>;
  };
  // The chart fills in the queue, so a spec may leave it out.
  schema.$defs.renderPoolSpec = { ...close(structuralSchema(renderPoolSpecSchema)), required: [] };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/**
 * The schema without Kubernetes' own keywords, and with additionalProperties: false on every object that lists its properties
 * and does not preserve others.
 */
function close(schema: Schema): Schema {
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in schema;
  const isObject = typeof schema.properties === 'object' && schema.type === 'object';
  const inner = Object.entries(schema)
    .filter(([key]) => !key.startsWith('x-kubernetes-'))
    .map(([key, part]) => [key, closeWithin(part)]);
  return {
    ...(Object.fromEntries(inner) as Schema),
    ...(isObject && !isOpen && { additionalProperties: false }),
  };
}

function closeWithin(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(closeWithin);
  return typeof value === 'object' && value !== null ? close(value as Schema) : value;
}
