import { described, matches, text } from './rules.ts';
import { z } from 'zod';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A name of lower-case letters, digits and hyphens, such as a namespace or a Service has. */
export function labelName(description: string, maxLength = 63): z.ZodString {
  return text(
    description,
    LABEL,
    'must be lower-case letters, digits and -, and start and end with a letter or digit',
    maxLength,
  );
}

/** A name as most Kubernetes objects have it: labels joined by dots. */
export function objectName(description: string): z.ZodString {
  return text(
    description,
    SUBDOMAIN,
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
    { rule: 'isURL(self)', message: 'must be a URL that can be parsed', holds: (url) => URL.canParse(url) },
  ]);
}
