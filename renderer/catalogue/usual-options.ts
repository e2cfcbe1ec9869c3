import type { Resource } from './resource.ts';

/** The keywords of an option's JSON Schema that matter here. */
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

/** The listed values of an option; undefined when it is not limited to a list. */
export function allowedValues({ enum: values, const: only }: OptionSchema): unknown[] | undefined {
  return values ?? (only === undefined ? undefined : [only]);
}

/** Whether an option is either on or off. */
export function isSwitch(schema: OptionSchema): boolean {
  return (
    schema.type === 'boolean' ||
    (allowedValues(schema)?.every((value) => typeof value === 'boolean') ?? false)
  );
}

/** The value of an option when none is given: the default, else off for a switch, else the first that is listed as allowed. */
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

/**
 * Every combination of a resource's options, from the values that its JSON Schema lists. A given key keeps its value; keys
 * that are not options are kept too.
 */
export function combinations(
  schema: Record<string, unknown>,
  given: Record<string, unknown> = {},
): Record<string, unknown>[] {
  return optionSchemas({ optionsSchema: schema }).reduce(
    (found, [key, option]) => {
      const values = key in given ? [given[key]] : (allowedValues(option) ?? [undefined]);
      return found.flatMap((options) => values.map((value) => ({ ...options, [key]: value })));
    },
    [given],
  );
}
