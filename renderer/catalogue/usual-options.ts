import type { Resource } from './resource.ts';

/** What a JSON Schema says of one option. */
export interface OptionSchema {
  description?: string;
  enum?: unknown[];
  const?: unknown;
  type?: string;
  default?: unknown;
  examples?: unknown[];
  minimum?: number;
}

/** The options of a resource by name. */
export function optionSchemas({ optionsSchema }: Pick<Resource, 'optionsSchema'>): [string, OptionSchema][] {
  return Object.entries((optionsSchema.properties ?? {}) as Record<string, OptionSchema>);
}

/** The listed values of an option, undefined for one that takes others too. */
export function allowedValues({ enum: values, const: only }: OptionSchema): unknown[] | undefined {
  return values ?? (only === undefined ? undefined : [only]);
}

/** Whether an option is a switch. */
export function isSwitch(schema: OptionSchema): boolean {
  return (
    schema.type === 'boolean' ||
    (allowedValues(schema)?.every((value) => typeof value === 'boolean') ?? false)
  );
}

/** A value for whoever does not care: the default, else off for a switch, else the first that is named as allowed. */
export function usualValue(schema: OptionSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (isSwitch(schema)) return false;
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  return [
    ...(allowedValues(schema) ?? []),
    ...(schema.examples ?? []),
    schema.minimum,
    isNumber ? 0 : '',
  ].find((value) => value !== undefined);
}

/** The usual value of each option of a resource. */
export function usualOptions(resource: Pick<Resource, 'optionsSchema'>): Record<string, unknown> {
  return Object.fromEntries(optionSchemas(resource).map(([key, schema]) => [key, usualValue(schema)]));
}
