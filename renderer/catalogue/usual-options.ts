import { allowedValues, usualValue, type OptionSchema } from '../../queue/wire/option-schema.ts';
import type { Resource } from './resource.ts';

/** The options of a resource by name. */
export function optionSchemas({ optionsSchema }: Pick<Resource, 'optionsSchema'>): [string, OptionSchema][] {
  return Object.entries((optionsSchema.properties ?? {}) as Record<string, OptionSchema>);
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
