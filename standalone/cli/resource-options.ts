import { Option } from 'commander';
import type { Resource } from '../../renderer/resources/resource.ts';

interface Property {
  description?: string;
  enum?: unknown[];
  const?: unknown;
  type?: string;
  default?: unknown;
}

/** The command-line options of a resource, one for each of its own options, with the allowed values and the default. */
export function resourceOptions({ optionsSchema }: Resource): Option[] {
  return Object.entries(properties(optionsSchema)).flatMap(([key, property]) => {
    const flag = `--${key.replaceAll('_', '-')}`;
    const values = allowed(property);
    const help = [property.description, values && `one of: ${values.map(String).join(', ')}`]
      .filter(Boolean)
      .join('; ');
    const usual = String(usualValue(property));
    if (!isBoolean(property)) return [new Option(`${flag} <value>`, help).default(usual)];
    return [
      new Option(`${flag} [boolean]`, help).default(usual).preset('true'),
      new Option(flag.replace('--', '--no-'), `the same as ${flag} false`).hideHelp(),
    ];
  });
}

/** The resource's options as given on the command line (commander's camel-case keys), by the names that a task has. */
export function chosenOptions(
  { optionsSchema }: Resource,
  given: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(properties(optionsSchema)).map((key) => [
      key,
      given[key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())],
    ]),
  );
}

/** A value for each option of a resource, for whoever does not care: its default, else off for a switch, else the first allowed. */
export function usualOptions({ optionsSchema }: Resource): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties(optionsSchema)).map(([key, property]) => [key, usualValue(property)]),
  );
}

function properties(schema: Record<string, unknown>): Record<string, Property> {
  return (schema.properties ?? {}) as Record<string, Property>;
}

function allowed({ enum: values, const: only }: Property): unknown[] | undefined {
  return values ?? (only === undefined ? undefined : [only]);
}

function isBoolean(property: Property): boolean {
  return (
    property.type === 'boolean' || (allowed(property)?.every((value) => typeof value === 'boolean') ?? false)
  );
}

function usualValue(property: Property): unknown {
  if (property.default !== undefined) return property.default;
  return isBoolean(property) ? false : (allowed(property)?.[0] ?? '');
}
