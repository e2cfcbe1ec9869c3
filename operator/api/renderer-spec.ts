import { z } from 'zod';
import { described } from './rules.ts';
import { annotationMap, labelMap, objectName } from './names.ts';
import { networkPolicySchema } from './network-spec.ts';
import {
  envSchema,
  imageSchema,
  pullSecretSchema,
  resourcesSchema,
  securityContextSchema,
} from './pod-spec.ts';
import { affinitySchema, nodeSelectorSchema, spreadSchema, tolerationSchema } from './scheduling-spec.ts';
import { resultStorageSchema, staticVolumeSchema } from './storage-spec.ts';

const byName = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };

/** The renderer pods of a pool. */
export const rendererSpecSchema = described(
  z.object({
    image: imageSchema.optional(),
    imagePullPolicy: described(
      z.enum(['Always', 'IfNotPresent', 'Never']),
      "When to pull the image. Default: the operator's setting.",
    ).optional(),
    imagePullSecrets: described(
      z.array(pullSecretSchema).max(8),
      'Secrets for the image registry.',
      [],
      byName,
    ).optional(),
    daemons: described(
      z.int().min(1).max(64).default(1),
      'Daemons per pod, each with its own browser. One per CPU is recommended.',
    ),
    resources: resourcesSchema.prefault({}),
    staticVolumes: described(
      z.array(staticVolumeSchema).max(16),
      "Folders with your own templates, resources and files. The first folder that has a file wins; the image's folders come last.",
      [],
      byName,
    ).optional(),
    resultStorage: resultStorageSchema.optional(),
    gracePeriodSeconds: described(
      z.int().min(5).max(3600).default(60),
      'Seconds that a pod has to finish its documents before it is killed. It releases unfinished tasks to the queue.',
    ),
    env: described(
      z.array(envSchema).max(64),
      'Additional environment variables. They override those of the operator, except the ones that set queue and port.',
      [],
      byName,
    ).optional(),
    labels: labelMap('Additional labels of the pods.').optional(),
    annotations: annotationMap('Annotations of the pods.').optional(),
    nodeSelector: nodeSelectorSchema.optional(),
    tolerations: described(z.array(tolerationSchema).max(32), 'Taints that the pods tolerate.').optional(),
    affinity: affinitySchema.optional(),
    topologySpreadConstraints: described(
      z.array(spreadSchema).max(8),
      'How the pods spread over nodes and zones.',
    ).optional(),
    priorityClassName: objectName('PriorityClass of the pods.').optional(),
    securityContext: securityContextSchema.prefault({}),
    serviceAccountAnnotations: annotationMap(
      "Annotations of the pods' ServiceAccount, for a cloud's workload identity.",
    ).optional(),
    networkPolicy: networkPolicySchema.prefault({}),
  }),
  'The renderer pods.',
);
