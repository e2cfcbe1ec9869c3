import { Option } from 'commander';
import type { Resource } from '../renderer/catalogue/resource.ts';
import { allowedValues, isSwitch, optionSchemas, usualValue } from '../renderer/catalogue/usual-options.ts';

/** The command-line options of a resource, one for each of its own options, with the allowed values and the default. */
export function resourceOptions(resource: Resource): Option[] {
  return optionSchemas(resource).flatMap(([key, schema]) => {
    const flag = `--${key.replaceAll('_', '-')}`;
    const values = allowedValues(schema);
    const help = [schema.description, values && `one of: ${values.map(String).join(', ')}`]
      .filter(Boolean)
      .join('; ');
    const usual = String(usualValue(schema));
    if (!isSwitch(schema)) return [new Option(`${flag} <value>`, help).default(usual)];
    return [
      new Option(`${flag} [boolean]`, help).default(usual).preset('true'),
      new Option(flag.replace('--', '--no-'), `the same as ${flag} false`).hideHelp(),
    ];
  });
}

/** The resource's options as given on the command line (commander's camel-case keys), by the names that a task has. */
export function chosenOptions(resource: Resource, given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    optionSchemas(resource).map(([key]) => [
      key,
      given[key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())],
    ]),
  );
}
