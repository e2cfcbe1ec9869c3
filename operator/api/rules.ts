import { z } from 'zod';

/** A validation rule: the API server evaluates it as CEL, the operator as a predicate. Both report the same message. */
export interface Rule<T> {
  /** The CEL expression; `self` is the value. */
  rule: string;
  message: string;
  /** The same check in TypeScript. Absent for transition rules (`oldSelf`), which only the API server can evaluate. */
  holds?: (value: T) => boolean;
}

/**
 * Attaches a description and rules to a schema: as refinements for parsing, and as `x-kubernetes-validations` for the
 * generated CRD. Call it last, because refining returns a new schema without the description.
 */
export function described<T extends z.ZodType>(
  schema: T,
  description: string,
  rules: Rule<z.output<T>>[] = [],
  extra: Record<string, unknown> = {},
): T {
  let refined = schema;
  for (const { holds, message } of rules) {
    if (holds) refined = refined.refine(holds, message);
  }
  const validations = rules.map(({ rule, message }) => ({ rule, message }));
  return refined.meta({
    description,
    ...(validations.length > 0 && { 'x-kubernetes-validations': validations }),
    ...extra,
  });
}

/** A bounded string that matches a pattern. The error message explains the pattern in words. */
export function text(description: string, pattern: RegExp, message: string, maxLength = 253): z.ZodString {
  return described(z.string().min(1).max(maxLength), description, [matches(pattern, message)]);
}

/** The rule that a string matches a pattern. RE2 and JavaScript must interpret the pattern alike. */
export function matches(pattern: RegExp, message: string, subject = 'self'): Rule<string> {
  return {
    rule: `${subject}.matches(${celString(pattern.source.replaceAll('\\/', '/'))})`,
    message,
    holds: (value) => pattern.test(value),
  };
}

/** The rule that a value never changes once set. */
export function immutable(message: string): Rule<unknown> {
  return { rule: 'self == oldSelf', message };
}

/** The rule that exactly one of these optional properties is set. */
export function exactlyOneOf<K extends string>(
  keys: K[],
  message: string,
): Rule<Partial<Record<K, unknown>>> {
  return {
    rule: `[${keys.map((key) => `has(self.${key})`).join(', ')}].filter(given, given).size() == 1`,
    message,
    holds: (value) => keys.filter((key) => value[key] !== undefined).length === 1,
  };
}

function celString(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
