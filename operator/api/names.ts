import { z } from 'zod';
import { described, matches, text, type Rule } from './rules.ts';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A qualified name: up to 63 characters, optionally after a domain and a slash. */
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const LABEL_KEYS =
  'keys must be at most 63 letters, digits, -, _ and ., optionally after a domain and a /, such as example.org/team';
const LABEL_TEXT = 'must be letters, digits, -, _ and ., and start and end with a letter or digit';

/** A name of lower-case letters, digits and hyphens, such as that of a namespace or a Service. */
export function labelName(description: string, maxLength = 63): z.ZodString {
  return text(
    description,
    DNS_LABEL,
    'must be lower-case letters, digits and -, and start and end with a letter or digit',
    maxLength,
  );
}

/** The name of most Kubernetes objects: labels joined by dots. */
export function objectName(description: string): z.ZodString {
  return text(
    description,
    DNS_SUBDOMAIN,
    'must be lower-case letters, digits, - and ., and start and end with a letter or digit',
  );
}

/** A key of a Secret or ConfigMap. */
export function dataKey(description: string): z.ZodString {
  return text(description, /^[-._a-zA-Z0-9]+$/, 'must be letters, digits, -, _ and .');
}

/** An absolute http or https URL without credentials, query or fragment. */
export function httpUrl(description: string): z.ZodString {
  return described(z.string().min(1).max(2048), description, [
    matches(
      /^https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/,
      'must be a URL such as http://renderfleet-queue:8080, without user, query or fragment',
    ),
    matches(
      /^https?:\/\/(\[[^\]]*\]|[^/:]*)(:[0-9]{1,4}|:[1-5][0-9]{4}|:6[0-4][0-9]{3}|:65[0-4][0-9]{2}|:655[0-2][0-9]|:6553[0-5])?(\/.*)?$/,
      'the port must be a number from 0 to 65535',
    ),
    { rule: 'isURL(self)', message: 'must be a valid URL', holds: (url) => URL.canParse(url) },
  ]);
}

/** The key of a label, an annotation or a taint. */
export function labelKey(description: string): z.ZodString {
  return text(description, LABEL_KEY, `${LABEL_TEXT}; a domain and a / may precede`, 317);
}

/** The value of a label or a taint. */
export function labelValue(description: string): z.ZodString {
  return described(z.string().max(63), description, [matches(LABEL_VALUE, LABEL_TEXT)]);
}

const keysMatch: Rule<Record<string, string>> = {
  rule: `self.all(key, ${matches(LABEL_KEY, LABEL_KEYS, 'key').rule})`,
  message: LABEL_KEYS,
  holds: (map) => Object.keys(map).every((key) => LABEL_KEY.test(key)),
};

/** A map of labels, or a selector of them. */
export function labelMap(description: string) {
  return described(z.record(z.string().max(317), labelValue('The value.')), description, [keysMatch], {
    maxProperties: 64,
  });
}

/** A map of annotations. Unlike labels, their values are free text. */
export function annotationMap(description: string) {
  const value = described(z.string().max(4096), 'The value.');
  return described(z.record(z.string().max(317), value), description, [keysMatch], { maxProperties: 64 });
}

/** A list of short names or values. */
export function namesOf(description: string) {
  return described(z.array(described(z.string().max(317), 'A list item.')).max(32), description);
}

/** A label selector, like metav1.LabelSelector. */
export function labelSelectorSchema(description: string) {
  return described(
    z.object({
      matchLabels: labelMap('Labels and the values they must have.').optional(),
      matchExpressions: described(
        z
          .array(
            described(
              z.object({
                key: labelKey('The label key.'),
                operator: described(
                  z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
                  'Relation between the key and the values.',
                ),
                values: namesOf('Values for In and NotIn.').optional(),
              }),
              'A requirement.',
            ),
          )
          .max(8),
        'Requirements on the labels; all of them must hold.',
      ).optional(),
    }),
    description,
  );
}
