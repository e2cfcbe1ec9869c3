import { z } from 'zod';
import { described } from './rules.ts';
import { objectName, stringMap } from './names.ts';
import {
  envSchema,
  imageSchema,
  pullSecretSchema,
  resourcesSchema,
  securityContextSchema,
  tolerationSchema,
} from './pod-spec.ts';
import { resultStorageSchema, staticVolumeSchema } from './storage-spec.ts';

const PRESERVED = { 'x-kubernetes-preserve-unknown-fields': true };
const byName = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };

const spreadSchema = described(
  z.looseObject({
    maxSkew: described(z.int().min(1).max(10_000).default(1), 'How uneven the spread may be, in pods.'),
    topologyKey: described(z.string().min(1).max(317), 'The node label whose values are the domains.'),
    whenUnsatisfiable: described(
      z.enum(['DoNotSchedule', 'ScheduleAnyway']).default('ScheduleAnyway'),
      'What happens to a pod that would make the spread uneven.',
    ),
  }),
  "As in a pod's spec; without a labelSelector, the pods of the pool are meant.",
  [],
  PRESERVED,
);

const networkPolicySchema = described(
  z.object({
    enabled: described(z.boolean().default(true), 'Whether the pods get a NetworkPolicy.'),
    extraEgress: described(
      z.array(described(z.looseObject({}), 'An egress rule of networking.k8s.io/v1.', [], PRESERVED)).max(16),
      'More destinations, for a storage or proxy that the pool does not name.',
    ).optional(),
  }),
  'What the pods can reach: the queue, the result storage and DNS.',
);

/** The pods of a pool and what runs in them. */
export const rendererSpecSchema = described(
  z.object({
    image: imageSchema.optional(),
    imagePullPolicy: described(
      z.enum(['Always', 'IfNotPresent', 'Never']),
      'When the image is pulled; default: as the operator is configured.',
    ).optional(),
    imagePullSecrets: described(
      z.array(pullSecretSchema).max(8),
      'Secrets for the image registry.',
      [],
      byName,
    ).optional(),
    daemons: described(
      z.int().min(1).max(64).default(1),
      'Daemons in a pod, each with a browser page; one for each CPU that a pod gets.',
    ),
    resources: resourcesSchema.prefault({}),
    staticVolumes: described(
      z.array(staticVolumeSchema).max(16),
      "Folders with your own templates, resources and files; the first that has a file wins, the image's own come last.",
      [],
      byName,
    ).optional(),
    resultStorage: resultStorageSchema.optional(),
    gracePeriodSeconds: described(
      z.int().min(5).max(3600).default(60),
      'Seconds that a pod has to finish its documents before it is killed; what does not fit is given back to the queue.',
    ),
    env: described(
      z.array(envSchema).max(64),
      "More environment variables; they win over the pool's own.",
      [],
      byName,
    ).optional(),
    labels: stringMap('More labels of the pods.').optional(),
    annotations: stringMap('Annotations of the pods.').optional(),
    nodeSelector: stringMap('Labels that a node must have.').optional(),
    tolerations: described(z.array(tolerationSchema).max(32), 'Taints that the pods bear.').optional(),
    affinity: described(z.looseObject({}), "As in a pod's spec.", [], PRESERVED).optional(),
    topologySpreadConstraints: described(
      z.array(spreadSchema).max(8),
      'How the pods are spread over nodes and zones.',
    ).optional(),
    priorityClassName: objectName('PriorityClass of the pods.').optional(),
    securityContext: securityContextSchema.prefault({}),
    serviceAccountAnnotations: stringMap(
      "Annotations of the pods' ServiceAccount, for a cloud's workload identity.",
    ).optional(),
    networkPolicy: networkPolicySchema.prefault({}),
  }),
  'The pods and what runs in them.',
);
export type RendererSpec = z.output<typeof rendererSpecSchema>;
