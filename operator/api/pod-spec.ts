import { z } from 'zod';
import { described, exactlyOneOf, matches, text } from './rules.ts';
import { dataKey, objectName } from './names.ts';

/** A Kubernetes quantity, not negative. */
const QUANTITY = /^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;
const POWERS = 'kMGTPE';

/**
 * The number that a quantity such as 500m, 2 or 1Gi stands for; undefined if `value` is not a quantity. The Kubernetes
 * client's quantityToScalar throws on fractions of large units, such as 1.5Gi.
 */
export function quantityOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? QUANTITY.exec(value) : null;
  if (!match) return undefined;
  const [whole, , unit] = match;
  const amount = Number.parseFloat(whole);
  if (unit === undefined) return amount;
  if (unit === 'm') return amount / 1000;
  const power = POWERS.indexOf(unit.charAt(0).replace('K', 'k')) + 1;
  return amount * (unit.endsWith('i') ? 1024 : 1000) ** power;
}

const quantity = described(
  z.union([z.int(), z.string().max(32)]),
  'An amount.',
  [
    {
      rule: `string(self).matches('${QUANTITY.source.replaceAll('\\', '\\\\')}')`,
      message: 'must be a quantity such as 500m, 2 or 1Gi',
      holds: (amount) => QUANTITY.test(String(amount)),
    },
  ],
  { 'x-kubernetes-int-or-string': true, maxLength: 32 },
);
const quantities = (description: string) =>
  described(z.record(z.string().max(63), quantity), description, [], { maxProperties: 8 });

/** Requests and limits of a renderer pod. */
export const resourcesSchema = described(
  z.object({
    requests: quantities('What the scheduler reserves for a pod.').default({
      cpu: '500m',
      memory: '512Mi',
    }),
    limits: quantities('The most a pod can use.').default({ memory: '1Gi' }),
  }),
  'Requests and limits of a renderer pod.',
  ['cpu', 'memory'].map((name) => ({
    rule: `!has(self.requests) || !has(self.limits) || !('${name}' in self.requests) || !('${name}' in self.limits) || !isQuantity(string(self.requests['${name}'])) || !isQuantity(string(self.limits['${name}'])) || ${celQuantity('requests', name)}.compareTo(${celQuantity('limits', name)}) <= 0`,
    message: `requests.${name} must be at most limits.${name}`,
    holds: ({ requests, limits }) => isAtMost(requests[name], limits[name]),
  })),
);

function celQuantity(field: string, name: string): string {
  return `quantity(string(self.${field}['${name}']))`;
}

function isAtMost(request: string | number | undefined, limit: string | number | undefined): boolean {
  if (request === undefined || limit === undefined) return true;
  return (quantityOf(request) ?? 0) <= (quantityOf(limit) ?? Infinity);
}

const keyOf = (kind: string) =>
  described(
    z.object({
      name: objectName(`Name of the ${kind}, in the namespace of the RenderPool.`),
      key: dataKey('The key.'),
      optional: described(z.boolean(), 'Whether the key may be missing.').optional(),
    }),
    `A key of a ${kind}.`,
  );

/** Variables that the operator derives from the pool: its queue, and the port of the probes. */
const RESERVED_VARIABLES = ['API_DISCOVERY_URL', 'PROJECT_NAME', 'QUEUE_NAME', 'PORT'];

/** An environment variable of the renderer: a value, or a key of a Secret or ConfigMap. */
export const envSchema = described(
  z.object({
    name: text('Name of the variable.', /^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and _'),
    value: described(z.string().max(32_768), 'The value.').optional(),
    valueFrom: described(
      z.object({
        secretKeyRef: keyOf('Secret').optional(),
        configMapKeyRef: keyOf('ConfigMap').optional(),
      }),
      'Source of the value.',
      [
        exactlyOneOf(
          ['secretKeyRef', 'configMapKeyRef'],
          'give exactly one of secretKeyRef and configMapKeyRef',
        ),
      ],
    ).optional(),
  }),
  'An environment variable.',
  [
    exactlyOneOf(['value', 'valueFrom'], 'give exactly one of value and valueFrom'),
    {
      rule: `!(self.name in ['${RESERVED_VARIABLES.join("', '")}'])`,
      message: `${RESERVED_VARIABLES.join(', ')} are reserved: the operator sets them, and spec.queue chooses the queue`,
      holds: ({ name }) => !RESERVED_VARIABLES.includes(name),
    },
  ],
);

const uid = (description: string) => described(z.int().min(1).max(2_147_483_647), description);

/** Overrides of the pods' security context. All of them comply with Pod Security `restricted`. */
export const securityContextSchema = described(
  z.object({
    runAsUser: uid('User id of the container, not root.').default(10001),
    runAsGroup: uid('Group id of the container, not root.').default(10001),
    fsGroup: uid('Group id that owns the volumes.').default(10001),
    supplementalGroups: described(z.array(uid('A group id.')).max(32), 'Supplementary group ids.').optional(),
    seccompProfile: described(
      z.object({
        type: described(
          z.enum(['RuntimeDefault', 'Localhost']).default('RuntimeDefault'),
          'Type of the profile.',
        ),
        localhostProfile: described(
          z.string().min(1).max(253),
          "Path of the profile, relative to the kubelet's seccomp folder.",
          [
            {
              rule: "!self.startsWith('/') && !self.split('/').exists(part, part == '..')",
              message:
                "must be a path below the kubelet's seccomp folder, without a leading / and without ..",
              holds: (path) => !path.startsWith('/') && !path.split('/').includes('..'),
            },
          ],
        ).optional(),
      }),
      "The seccomp profile. Chromium's sandbox needs a profile that allows user namespaces; otherwise the renderer runs Chromium without its sandbox.",
      [
        {
          rule: "(has(self.type) && self.type == 'Localhost') == has(self.localhostProfile)",
          message: 'type Localhost requires localhostProfile, and only Localhost allows it',
          holds: ({ type, localhostProfile }) => (type === 'Localhost') === (localhostProfile !== undefined),
        },
      ],
    ).prefault({}),
  }),
  'Overrides of the security context, within Pod Security "restricted".',
);

export const pullSecretSchema = described(
  z.object({ name: objectName('Name of the Secret.') }),
  'A Secret of type kubernetes.io/dockerconfigjson.',
);

export const imageSchema = described(
  z.string().min(1).max(512),
  "Image of the renderer. Default: the operator's setting.",
  [matches(/^[^\s]+$/, 'must be an image reference without spaces')],
);
