import { z } from 'zod';
import { described } from './rules.ts';
import { labelKey, labelMap, labelSelectorSchema, labelValue, namesOf } from './label-spec.ts';

/** A taint that pods bear. */
export const tolerationSchema = described(
  z.object({
    key: labelKey('The taint key; none: every key.').optional(),
    operator: described(z.enum(['Exists', 'Equal']), 'How value is compared.').optional(),
    value: labelValue('The taint value.').optional(),
    effect: described(
      z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
      'The taint effect; none: every effect.',
    ).optional(),
    tolerationSeconds: described(
      z.int().min(0).max(2_147_483_647),
      'How long a NoExecute taint is borne.',
    ).optional(),
  }),
  'A taint that the pods bear.',
  [
    {
      rule: "has(self.key) || (has(self.operator) && self.operator == 'Exists')",
      message: 'a toleration without a key bears every taint, and needs operator Exists',
      holds: ({ key, operator }) => key !== undefined || operator === 'Exists',
    },
    {
      rule: "!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
      message: 'a toleration with operator Exists has no value',
      holds: ({ operator, value }) => operator !== 'Exists' || value === undefined || value === '',
    },
    {
      rule: "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
      message: 'tolerationSeconds goes with effect NoExecute only',
      holds: ({ tolerationSeconds, effect }) => tolerationSeconds === undefined || effect === 'NoExecute',
    },
  ],
);

const nodeRequirements = (description: string) =>
  described(
    z
      .array(
        described(
          z.object({
            key: labelKey('The label, or the field.'),
            operator: described(
              z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
              'How it is compared.',
            ),
            values: namesOf('What it is compared with.').optional(),
          }),
          'A requirement.',
        ),
      )
      .max(16),
    description,
  );

const nodeTerm = described(
  z.object({
    matchExpressions: nodeRequirements('What the labels of the node must be like.').optional(),
    matchFields: nodeRequirements('What the fields of the node must be like.').optional(),
  }),
  'Nodes; all of its requirements must hold.',
);

const podTerm = described(
  z.object({
    topologyKey: labelKey('The node label whose values are the domains.'),
    labelSelector: labelSelectorSchema('The pods that are meant.').optional(),
    namespaces: namesOf('Namespaces of the pods that are meant.').optional(),
    namespaceSelector: labelSelectorSchema('The same by the labels of the namespaces.').optional(),
    matchLabelKeys: namesOf('Labels of which the pods must have the same values.').optional(),
    mismatchLabelKeys: namesOf('Labels of which the pods must have other values.').optional(),
  }),
  'Pods, and the domain in which they are to be near or far.',
);

const weight = () => described(z.int().min(1).max(100), 'How much it counts, from 1 to 100.');

function preferred<T extends z.ZodType>(term: T) {
  const weighted = described(term, 'A term and how much it counts.');
  return described(z.array(weighted).max(16), 'What is preferred.');
}

const podAffinity = (description: string) =>
  described(
    z.object({
      requiredDuringSchedulingIgnoredDuringExecution: described(
        z.array(podTerm).max(16),
        'What must hold.',
      ).optional(),
      preferredDuringSchedulingIgnoredDuringExecution: preferred(
        z.object({ weight: weight(), podAffinityTerm: podTerm }),
      ).optional(),
    }),
    description,
  );

/** Which nodes and neighbours the pods are scheduled to, as in a pod's spec. */
export const affinitySchema = described(
  z.object({
    nodeAffinity: described(
      z.object({
        requiredDuringSchedulingIgnoredDuringExecution: described(
          z.object({
            nodeSelectorTerms: described(z.array(nodeTerm).min(1).max(16), 'One of these must hold.'),
          }),
          'What must hold.',
        ).optional(),
        preferredDuringSchedulingIgnoredDuringExecution: preferred(
          z.object({ weight: weight(), preference: nodeTerm }),
        ).optional(),
      }),
      'Which nodes the pods go to.',
    ).optional(),
    podAffinity: podAffinity('Which pods they go near to.').optional(),
    podAntiAffinity: podAffinity('Which pods they keep away from.').optional(),
  }),
  "As in a pod's spec.",
);

/** How the pods are spread, as in a pod's spec. */
export const spreadSchema = described(
  z.object({
    maxSkew: described(z.int().min(1).max(10_000).default(1), 'How uneven the spread may be, in pods.'),
    topologyKey: labelKey('The node label whose values are the domains.'),
    whenUnsatisfiable: described(
      z.enum(['DoNotSchedule', 'ScheduleAnyway']).default('ScheduleAnyway'),
      'What happens to a pod that would make the spread uneven.',
    ),
    labelSelector: labelSelectorSchema('The pods that are counted; default: those of the pool.').optional(),
    matchLabelKeys: namesOf('Labels of which the pods must have the same values.').optional(),
    minDomains: described(z.int().min(1).max(10_000), 'Domains at least, with DoNotSchedule.').optional(),
    nodeAffinityPolicy: described(
      z.enum(['Honor', 'Ignore']),
      'Whether nodes that affinity and nodeSelector exclude are left out.',
    ).optional(),
    nodeTaintsPolicy: described(
      z.enum(['Honor', 'Ignore']),
      'Whether nodes with taints that are not borne are left out.',
    ).optional(),
  }),
  "As in a pod's spec.",
  [
    {
      rule: "!has(self.minDomains) || (has(self.whenUnsatisfiable) && self.whenUnsatisfiable == 'DoNotSchedule')",
      message: 'minDomains goes with whenUnsatisfiable DoNotSchedule only',
      holds: ({ minDomains, whenUnsatisfiable }) =>
        minDomains === undefined || whenUnsatisfiable === 'DoNotSchedule',
    },
  ],
);

/** Labels that a node must have. */
export const nodeSelectorSchema = labelMap('Labels that a node must have.');
