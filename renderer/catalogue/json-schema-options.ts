import { Ajv2020 } from 'ajv/dist/2020.js';
import { fromText, schemaFault } from '../../queue/wire/option-schema.ts';
import type { Checked } from './options.ts';

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
      Object.entries(given).map(([key, value]) => [key, fromText(properties[key] ?? {}, value)]),
    );
    if (validate(options)) return { value: { ...absent, ...options } };
    return {
      faults: [...new Set((validate.errors ?? []).map((error) => schemaFault(error, given, properties)))],
    };
  };
}
