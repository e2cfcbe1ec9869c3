import type { Ajv2020 } from 'ajv/dist/2020.js';
import { InvalidArgumentError, Option } from 'commander';
import { allowedValues, fromText, isSwitch, schemaFault, usualValue } from '../queue/wire/option-schema.ts';
import type { Catalogue, ObjectSchema, Resource } from './catalogue.ts';
import { CliError, EXIT } from './session.ts';
import type { Payload } from './task.ts';

/** The command-line options of a resource: one for each of its own options, with the allowed values and the default. */
export function resourceOptions({ options }: Pick<Resource, 'options'>): Option[] {
  return Object.entries(options.properties).flatMap(([key, schema]) => {
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

/** The resource's options as the command line gives them (commander's camel-case keys), by the names that a task has. */
export function chosenOptions({ options }: Pick<Resource, 'options'>, given: Payload): Payload {
  return Object.fromEntries(
    Object.keys(options.properties).map((key) => [
      key,
      given[key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())],
    ]),
  );
}

/** A parser of whole numbers within bounds, for commander. */
export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Collects `--option name=value`, for commander: the value is JSON if it can be read as such, else text. */
export function namedValues(text: string, earlier: Payload): Payload {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('It must be name=value, such as size=5.');
  return { ...earlier, [name]: jsonOrText(value) };
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Checks payloads by the schemas of a catalogue, before they are queued. */
export class TaskCheck {
  readonly #catalogue: Catalogue;
  readonly #ajv: Ajv2020;

  private constructor(catalogue: Catalogue, ajv: Ajv2020) {
    this.#catalogue = catalogue;
    this.#ajv = ajv;
  }

  static async create(catalogue: Catalogue): Promise<TaskCheck> {
    // Loaded for the commands that check tasks only.
    const ajv = await import('ajv/dist/2020.js');
    return new TaskCheck(
      catalogue,
      new ajv.Ajv2020({ allErrors: true, useDefaults: true, strict: false, logger: false }),
    );
  }

  /**
   * Checks the keys that every task has and the options of the task's resource. Numbers and booleans may be written as text.
   *
   * @throws CliError that names every fault with what is allowed
   */
  check(payload: Payload): void {
    const { task } = this.#catalogue;
    const { options: schema } = this.#catalogue.find(String(payload.resource_view));
    const options = Object.entries(payload).filter(([key]) => !(key in task.properties));
    const faults = [...this.#faults(task, payload), ...this.#faults(schema, Object.fromEntries(options))];
    if (faults.length > 0)
      throw new CliError(`The task cannot be rendered: ${faults.join('; ')}`, EXIT.usage);
  }

  #faults(schema: ObjectSchema, given: Payload): string[] {
    const values = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key, fromText(schema.properties[key] ?? {}, value)]),
    );
    // Ajv compiles each schema once.
    const validate = this.#ajv.compile(schema);
    if (validate(values)) return [];
    return [...new Set((validate.errors ?? []).map((error) => schemaFault(error, given, schema.properties)))];
  }
}
