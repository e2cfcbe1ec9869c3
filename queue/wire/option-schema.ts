/**
 * How resources describe their options: a JSON Schema (2020-12) of an object with one property for each option. Renderers
 * and clients read it in the same way.
 */

export interface OptionSchema {
  description?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  type?: string | string[] | undefined;
  default?: unknown;
  examples?: unknown[] | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
}

/** The allowed values of an option when it lists them, else undefined. */
export function allowedValues({ enum: values, const: only }: OptionSchema): unknown[] | undefined {
  return values ?? (only === undefined ? undefined : [only]);
}

/** Whether an option takes true and false only. */
export function isSwitch(schema: OptionSchema): boolean {
  const values = allowedValues(schema);
  return schema.type === 'boolean' || (values?.every((value) => typeof value === 'boolean') ?? false);
}

/** The value of an option that is left out: its default, else false for a switch, else the first value that is named. */
export function usualValue(schema: OptionSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (isSwitch(schema)) return false;
  const named = [...(allowedValues(schema) ?? []), ...(schema.examples ?? []), schema.minimum];
  return named.find((value) => value !== undefined) ?? (isNumeric(schema) ? 0 : '');
}

/**
 * The listed value that is written like the given one, in any case, with `yes` and `no` for true and false; the given value
 * when none is.
 */
export function asListed(values: readonly unknown[], given: unknown): unknown {
  const found = values.find((value) => spell(value) === spell(given));
  return found === undefined ? given : found;
}

/**
 * The number, boolean or listed value that a text stands for where the schema asks for one: `"8"` for 8, `"True"` or `"yes"`
 * for true. Any other value is returned unchanged.
 */
export function fromText(schema: OptionSchema, value: unknown): unknown {
  const values = allowedValues(schema) ?? (schema.type === 'boolean' ? [true, false] : undefined);
  if (values) return asListed(values, value);
  if (!isNumeric(schema) || typeof value !== 'string' || value.trim() === '') return value;
  return Number.isFinite(Number(value)) ? Number(value) : value;
}

const REMARKS = new Set(['title', 'description', 'default', 'examples']);

/** What a schema allows, for people: its values, the range of a whole number, or the schema itself less its remarks. */
export function allowedText(schema: OptionSchema): string {
  const values = allowedValues(schema);
  if (values) return values.map(String).join(', ');
  const rules = Object.entries(schema).filter(([keyword]) => !REMARKS.has(keyword));
  const isRange = rules.every(([keyword]) => ['type', 'minimum', 'maximum'].includes(keyword));
  if (schema.type === 'integer' && isRange && rules.length === 3)
    return `a whole number from ${schema.minimum} to ${schema.maximum}`;
  return JSON.stringify(Object.fromEntries(rules));
}

const QUOTED_CHARACTERS = 80;

/** A fault in the form of all task errors: `copies is 0, allowed: a whole number from 1 to 500`. */
export function faultText(given: Record<string, unknown>, key: string, allowed: string): string {
  const value = given[key];
  return `${key} is ${value === undefined ? 'missing' : quote(value)}, allowed: ${allowed}`;
}

/** An error of a JSON Schema validator, as Ajv reports it. */
interface SchemaError {
  keyword: string;
  /** JSON pointer of the value. */
  instancePath: string;
  params: { additionalProperty?: string; missingProperty?: string };
  message?: string;
}

/** The fault of options that a validator found. */
export function schemaFault(
  { keyword, instancePath, params, message }: SchemaError,
  given: Record<string, unknown>,
  properties: Record<string, OptionSchema>,
): string {
  const { additionalProperty, missingProperty } = params;
  if (additionalProperty !== undefined)
    return `${additionalProperty} is not an option, allowed: ${Object.keys(properties).join(', ')}`;
  const key = instancePath.split('/')[1] ?? missingProperty;
  return key === undefined
    ? `the options ${message ?? keyword}`
    : faultText(given, key, allowedText(properties[key] ?? {}));
}

function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text;
}

function isNumeric({ type }: OptionSchema): boolean {
  return type === 'integer' || type === 'number';
}

function spell(value: unknown): unknown {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return value;
  const text = String(value).trim().toLowerCase();
  return text === 'yes' ? 'true' : text === 'no' ? 'false' : text;
}
