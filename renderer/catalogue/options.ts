import { z } from 'zod';
import { asListed, faultText } from '../../queue/wire/option-schema.ts';

type Scalar = string | number | boolean;

/**
 * An option with a list of allowed values. Producers that read web forms send values as text, so text in any case is
 * accepted: `"8"` for 8, `"True"` or `"yes"` for true. Resources always get the listed value itself.
 */
export function choice<const Values extends readonly [Scalar, ...Scalar[]]>(...values: Values) {
  return z.preprocess((given) => asListed(values, given), z.literal(values, { error: values.join(', ') }));
}

/** Either a value, or everything that is wrong with the input. */
export type Checked<T> = { value: T; faults?: undefined } | { faults: string[] };

/** Checks a task's values against a schema whose error messages say what is allowed. */
export function check<T>(schema: z.ZodType<T>, given: Record<string, unknown>): Checked<T> {
  const result = schema.safeParse(given);
  if (result.success) return { value: result.data };
  return {
    faults: result.error.issues.map(({ path, message }) => faultText(given, String(path[0]), message)),
  };
}
