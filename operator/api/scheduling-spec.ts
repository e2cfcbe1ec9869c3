import { z } from 'zod';
import { described } from './rules.ts';
import { labelKey, labelMap, labelSelectorSchema, labelValue, namesOf } from './names.ts';

/** A toleration of a pod. */
export const tolerationSchema = described(
  z.object({
    key: labelKey('The taint key. Default: every key.').optional(),
    operator: described(z.enum(['Exists', 'Equal']), 'Relation between the key and the value.').optional(),
    value: labelValue('The taint value.').optional(),
    effect: described(
      z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
      'The taint effect. Default: every effect.',
    ).optional(),
    tolerationSeconds: described(
      z.int().min(0).max(2_147_483_647),
      'How long to tolerate a NoExecute taint, in seconds.',
    ).optional(),
  }),
  'A taint that the pods tolerate.',
  [
    {
      rule: "has(self.key) || (has(self.operator) && self.operator == 'Exists')",
      message: 'a toleration without a key tolerates every taint and needs operator Exists',
      holds: ({ key, operator }) => key !== undefined || operator === 'Exists',
    },
    {
      rule: "!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
      message: 'a toleration with operator Exists must not have a value',
      holds: ({ operator, value }) => operator !== 'Exists' || value === undefined || value === '',
    },
    {
      rule: "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
      message: 'tolerationSeconds requires effect NoExecute',
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
            key: labelKey('The label key or field.'),
            operator: described(
              z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
              'Relation between the key and the values.',
            ),
            values: namesOf('Values to compare with.').optional(),
          }),
          'A requirement.',
        ),
      )
      .max(16),
    description,
  );

const nodeTerm = described(
  z.object({
    matchExpressions: nodeRequirements('Requirements on the labels of the node.').optional(),
    matchFields: nodeRequirements('Requirements on the fields of the node.').optional(),
  }),
  'A set of nodes; all of its requirements must hold.',
);

const podTerm = described(
  z.object({
    topologyKey: labelKey('The node label whose values are the topology domains.'),
    labelSelector: labelSelectorSchema('The pods to match.').optional(),
    namespaces: namesOf('Namespaces of the pods to match.').optional(),
    namespaceSelector: labelSelectorSchema('Namespaces of the pods to match, by label.').optional(),
    matchLabelKeys: namesOf('Label keys whose values must be equal.').optional(),
    mismatchLabelKeys: namesOf('Label keys whose values must differ.').optional(),
  }),
  'Pods, and the topology domain to share or to avoid.',
);

const weight = () => described(z.int().min(1).max(100), 'Weight, from 1 to 100.');

function preferred<T extends z.ZodType>(term: T) {
  const weighted = described(term, 'A term and its weight.');
  return described(z.array(weighted).max(16), 'Preferences; the scheduler sums the weights.');
}

const podAffinity = (description: string) =>
  described(
    z.object({
      requiredDuringSchedulingIgnoredDuringExecution: described(
        z.array(podTerm).max(16),
        'Requirements that must hold.',
      ).optional(),
      preferredDuringSchedulingIgnoredDuringExecution: preferred(
        z.object({ weight: weight(), podAffinityTerm: podTerm }),
      ).optional(),
    }),
    description,
  );

/** Which nodes and neighbours the scheduler chooses, as in a pod's spec. */
export const affinitySchema = described(
  z.object({
    nodeAffinity: described(
      z.object({
        requiredDuringSchedulingIgnoredDuringExecution: described(
          z.object({
            nodeSelectorTerms: described(
              z.array(nodeTerm).min(1).max(16),
              'At least one of these terms must hold.',
            ),
          }),
          'Requirements that must hold.',
        ).optional(),
        preferredDuringSchedulingIgnoredDuringExecution: preferred(
          z.object({ weight: weight(), preference: nodeTerm }),
        ).optional(),
      }),
      'Nodes to run on.',
    ).optional(),
    podAffinity: podAffinity('Pods to run near.').optional(),
    podAntiAffinity: podAffinity('Pods to keep away from.').optional(),
  }),
  "As in a pod's spec.",
);

/** How the pods spread over topology domains, as in a pod's spec. */
export const spreadSchema = described(
  z.object({
    maxSkew: described(
      z.int().min(1).max(10_000).default(1),
      'Maximum difference between two domains, in pods.',
    ),
    topologyKey: labelKey('The node label whose values are the topology domains.'),
    whenUnsatisfiable: described(
      z.enum(['DoNotSchedule', 'ScheduleAnyway']).default('ScheduleAnyway'),
      'What to do with a pod that would exceed maxSkew.',
    ),
    labelSelector: labelSelectorSchema('The pods to count. Default: those of the pool.').optional(),
    matchLabelKeys: namesOf('Label keys whose values must be equal.').optional(),
    minDomains: described(
      z.int().min(1).max(10_000),
      'Minimum number of domains, with DoNotSchedule.',
    ).optional(),
    nodeAffinityPolicy: described(
      z.enum(['Honor', 'Ignore']),
      'Whether to leave out nodes that affinity and nodeSelector exclude.',
    ).optional(),
    nodeTaintsPolicy: described(
      z.enum(['Honor', 'Ignore']),
      'Whether to leave out nodes with taints that the pods do not tolerate.',
    ).optional(),
  }),
  "As in a pod's spec.",
  [
    {
      rule: "!has(self.minDomains) || (has(self.whenUnsatisfiable) && self.whenUnsatisfiable == 'DoNotSchedule')",
      message: 'minDomains requires whenUnsatisfiable DoNotSchedule',
      holds: ({ minDomains, whenUnsatisfiable }) =>
        minDomains === undefined || whenUnsatisfiable === 'DoNotSchedule',
    },
  ],
);

/** Labels that a node must have. */
export const nodeSelectorSchema = labelMap('Labels that a node must have.');
