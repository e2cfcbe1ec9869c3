import { z } from 'zod';
import { QUANTITY, quantityOf } from './quantity.ts';
import { described, exactlyOneOf, matches, text } from './rules.ts';
import { dataKey, objectName } from './names.ts';

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

/** CPU and memory of a renderer pod. */
export const resourcesSchema = described(
  z.object({
    requests: quantities('What the scheduler sets aside for a pod.').default({
      cpu: '500m',
      memory: '512Mi',
    }),
    limits: quantities('What a pod gets at most.').default({ memory: '1Gi' }),
  }),
  'CPU and memory of a renderer pod.',
  ['cpu', 'memory'].map((resource) => ({
    rule: `!has(self.requests) || !has(self.limits) || !('${resource}' in self.requests) || !('${resource}' in self.limits) || !isQuantity(string(self.requests['${resource}'])) || !isQuantity(string(self.limits['${resource}'])) || ${celQuantity('requests', resource)}.compareTo(${celQuantity('limits', resource)}) <= 0`,
    message: `requests.${resource} must be at most limits.${resource}`,
    holds: ({ requests, limits }) => isAtMost(requests[resource], limits[resource]),
  })),
);

function celQuantity(kind: string, resource: string): string {
  return `quantity(string(self.${kind}['${resource}']))`;
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
      optional: described(z.boolean(), 'Whether it may be missing.').optional(),
    }),
    `A key of a ${kind}.`,
  );

/** Variables that say which queue a pod serves and where its probes find it; to set them would part it from its pool. */
const OF_THE_POOL = ['API_DISCOVERY_URL', 'PROJECT_NAME', 'QUEUE_NAME', 'PORT'];

/** An environment variable of the renderer, from a value or from one key of a Secret or ConfigMap. */
export const envSchema = described(
  z.object({
    name: text('Name of the variable.', /^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and _'),
    value: described(z.string().max(32_768), 'The value.').optional(),
    valueFrom: described(
      z.object({
        secretKeyRef: keyOf('Secret').optional(),
        configMapKeyRef: keyOf('ConfigMap').optional(),
      }),
      'Where the value comes from.',
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
      rule: `!(self.name in ['${OF_THE_POOL.join("', '")}'])`,
      message: `${OF_THE_POOL.join(', ')} are set by the pool; spec.queue says which queue it serves`,
      holds: ({ name }) => !OF_THE_POOL.includes(name),
    },
  ],
);

const uid = (description: string) => described(z.int().min(1).max(2_147_483_647), description);

/** What of the pods' security can be changed; nothing of it leaves Pod Security `restricted`. */
export const securityContextSchema = described(
  z.object({
    runAsUser: uid('User id of the container; not root.').default(10001),
    runAsGroup: uid('Group id of the container; not root.').default(10001),
    fsGroup: uid('Group id that volumes are given to.').default(10001),
    supplementalGroups: described(z.array(uid('A group id.')).max(32), 'More groups.').optional(),
    seccompProfile: described(
      z.object({
        type: described(
          z.enum(['RuntimeDefault', 'Localhost']).default('RuntimeDefault'),
          'Kind of profile.',
        ),
        localhostProfile: described(
          z.string().min(1).max(253),
          "Path below the kubelet's seccomp folder; one that lets Chromium keep its sandbox.",
          [
            {
              rule: "!self.startsWith('/') && !self.split('/').exists(part, part == '..')",
              message:
                "must be a path below the kubelet's seccomp folder, without / at its start and without ..",
              holds: (path) => !path.startsWith('/') && !path.split('/').includes('..'),
            },
          ],
        ).optional(),
      }),
      "The seccomp profile. Chromium's sandbox needs one that allows user namespaces; without, the renderer does without the sandbox.",
      [
        {
          rule: "(has(self.type) && self.type == 'Localhost') == has(self.localhostProfile)",
          message: 'localhostProfile goes with type Localhost, and only with it',
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
  'Image of the renderer; default: the one that the operator is configured with.',
  [matches(/^[^\s]+$/, 'must be an image reference without spaces')],
);
