import { z } from 'zod';
import { asListed } from '../../queue/wire/option-schema.ts';

type Scalar = string | number | boolean;

/**
 * An option with a list of allowed values. A value may also come written as text, in any case, as producers send that read
 * web forms: `"8"` for 8, `"True"` or `"yes"` for true. What a resource sees is always the listed value itself.
 */
export function choice<const Values extends readonly [Scalar, ...Scalar[]]>(...values: Values) {
  return z.preprocess((given) => asListed(values, given), z.literal(values, { error: values.join(', ') }));
}

/** Either a value or everything that is wrong with what was given. */
export type Checked<T> = { value: T; faults?: undefined } | { faults: string[] };

/**
 * Checks a task's values by a schema whose error messages say what is allowed, and names key, value and what is allowed
 * in each fault.
 */
export function check<T>(schema: z.ZodType<T>, given: Record<string, unknown>): Checked<T> {
  const result = schema.safeParse(given);
  if (result.success) return { value: result.data };
  return { faults: result.error.issues.map(({ path, message }) => fault(given, String(path[0]), message)) };
}

/** One fault in the words of all task errors, as `copies is 0, allowed: a whole number from 1 to 500`. */
export function fault(given: Record<string, unknown>, key: string, allowed: string): string {
  const value = given[key];
  return `${key} is ${value === undefined ? 'missing' : quote(value)}, allowed: ${allowed}`;
}

function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
