import { z } from 'zod';
import { described, matches, text, type Rule } from './rules.ts';

/** A qualified name: up to 63 characters, before them a domain and a slash if one likes. */
const KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const KEYS =
  'keys must be at most 63 letters, digits, -, _ and ., with at most a domain and a / before, such as example.org/team';
const WORDS = 'must be letters, digits, -, _ and ., and start and end with a letter or digit';

/** The key of a label, an annotation or a taint. */
export function labelKey(description: string): z.ZodString {
  return text(description, KEY, `${WORDS}; a domain and a / may come before`, 317);
}

/** The value of a label or a taint. */
export function labelValue(description: string): z.ZodString {
  return described(z.string().max(63), description, [matches(VALUE, WORDS)]);
}

const keysMatch: Rule<Record<string, string>> = {
  rule: `self.all(key, ${matches(KEY, KEYS, 'key').rule})`,
  message: KEYS,
  holds: (map) => Object.keys(map).every((key) => KEY.test(key)),
};

/** A map of labels, or a selector of them. */
export function labelMap(description: string) {
  return described(z.record(z.string().max(317), labelValue('The value.')), description, [keysMatch], {
    maxProperties: 64,
  });
}

/** A map of annotations: their values are free. */
export function annotationMap(description: string) {
  const value = described(z.string().max(4096), 'The value.');
  return described(z.record(z.string().max(317), value), description, [keysMatch], { maxProperties: 64 });
}

/** A list of short names or values. */
export function namesOf(description: string) {
  return described(z.array(described(z.string().max(317), 'One of them.')).max(32), description);
}

/** A label selector, as metav1.LabelSelector has it. */
export function labelSelectorSchema(description: string) {
  return described(
    z.object({
      matchLabels: labelMap('Labels with their values.').optional(),
      matchExpressions: described(
        z
          .array(
            described(
              z.object({
                key: labelKey('The label.'),
                operator: described(z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']), 'How it is compared.'),
                values: namesOf('What it is compared with.').optional(),
              }),
              'A requirement.',
            ),
          )
          .max(8),
        'What the labels must be like.',
      ).optional(),
    }),
    description,
  );
}
