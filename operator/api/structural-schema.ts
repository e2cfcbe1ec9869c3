import { z } from 'zod';

/** A node of the OpenAPI v3 schema in a CRD. */
export interface SchemaNode {
  type?: string;
  default?: unknown;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  additionalProperties?: SchemaNode | boolean;
  [keyword: string]: unknown;
}

const INT32 = 2_147_483_647;

/**
 * Converts a zod schema into a structural schema for a CRD, keeping descriptions, defaults, bounds and CEL rules. The API
 * server requires three differences from plain JSON Schema: an int-or-string has no `type`, an open object is
 * `x-kubernetes-preserve-unknown-fields`, and an object's default is complete, because rules are evaluated on it unchanged.
 */
export function structuralSchema(schema: z.ZodType): SchemaNode {
  return structural(z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input' }) as SchemaNode);
}

function structural(node: SchemaNode): SchemaNode {
  const result: SchemaNode = { ...node };
  delete result.$schema;
  if (result['x-kubernetes-int-or-string'] === true) {
    delete result.type;
    result.anyOf = [{ type: 'integer' }, { type: 'string' }];
    return result;
  }
  if (result.type === 'integer') boundInteger(result);
  if (result.type === 'object') openObject(result);
  if (result.properties) {
    result.properties = Object.fromEntries(
      Object.entries(result.properties).map(([name, child]) => [name, structural(child)]),
    );
  }
  if (result.items) result.items = structural(result.items);
  if (typeof result.additionalProperties === 'object') {
    result.additionalProperties = structural(result.additionalProperties);
  }
  if (isObject(result.default)) result.default = completed(result.default, result);
  return result;
}

function boundInteger(node: SchemaNode): void {
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
  if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum;
  node.format ??= Number(node.maximum ?? Infinity) <= INT32 ? 'int32' : 'int64';
}

function openObject(node: SchemaNode): void {
  const open = node['x-kubernetes-preserve-unknown-fields'] === true;
  const empty =
    typeof node.additionalProperties === 'object' && Object.keys(node.additionalProperties).length === 0;
  if (open || empty || typeof node.additionalProperties === 'boolean') delete node.additionalProperties;
}

/** An object default, completed with the defaults of its properties as the API server would do. */
function completed(value: Record<string, unknown>, node: SchemaNode): Record<string, unknown> {
  const result = { ...value };
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const given = result[name] ?? child.default;
    if (given !== undefined) result[name] = isObject(given) ? completed(given, child) : given;
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
