import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { asListed, fault, type Checked } from './options.ts';

export type JsonSchema = Record<string, unknown>;

/** Checks option values. The checked value has every option that the schema names, null for those not given. */
type OptionsCheck = (given: Record<string, unknown>) => Checked<Record<string, unknown>>;

/**
 * Makes the check for the options of a user's resource from the JSON Schema (2020-12) of an object. It applies `default`,
 * and accepts numbers and booleans written as text, as for built-in resources. Throws when the schema itself is faulty.
 */
export function jsonSchemaOptions(schema: JsonSchema): OptionsCheck {
  // Unknown keywords are errors; a missing `type` is not.
  const ajv = new Ajv2020({ allErrors: true, useDefaults: true, strictTypes: false, logger: false });
  const validate = ajv.compile(schema);
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const absent = Object.fromEntries(Object.keys(properties).map((key) => [key, null]));
  return (given) => {
    const options = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key, fromText(properties[key], value)]),
    );
    if (validate(options)) return { value: { ...absent, ...options } };
    return {
      faults: [...new Set((validate.errors ?? []).map((error) => describe(error, given, properties)))],
    };
  };
}

/** The number or boolean that a text represents, if the schema asks for one. */
function fromText(schema: JsonSchema | undefined, value: unknown): unknown {
  if (Array.isArray(schema?.enum)) return asListed(schema.enum, value);
  if (schema?.type === 'boolean') return asListed([true, false], value);
  const isNumber = schema?.type === 'integer' || schema?.type === 'number';
  if (isNumber && typeof value === 'string' && value.trim() !== '') {
    const number = Number(value);
    return Number.isFinite(number) ? number : value;
  }
  return value;
}

function describe(
  { keyword, params, instancePath, message }: ErrorObject,
  given: Record<string, unknown>,
  properties: Record<string, JsonSchema>,
): string {
  if (keyword === 'additionalProperties') {
    const extra = (params as { additionalProperty: string }).additionalProperty;
    return `${extra} is not an option, allowed: ${Object.keys(properties).join(', ')}`;
  }
  const missing =
    keyword === 'required' ? (params as { missingProperty: string }).missingProperty : undefined;
  const key = instancePath.split('/')[1] ?? missing;
  return key === undefined
    ? `the options ${message ?? keyword}`
    : fault(given, key, allowed(properties[key] ?? {}));
}

const ANNOTATIONS = new Set(['title', 'description', 'default', 'examples']);

/** What a schema allows: its listed values, or else the schema itself without its annotations. */
function allowed(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return schema.enum.join(', ');
  return JSON.stringify(
    Object.fromEntries(Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.has(keyword))),
  );
}
