import { z } from 'zod';
import { described } from './rules.ts';
import { annotationMap, labelMap } from './label-spec.ts';
import { objectName } from './names.ts';
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
      "More environment variables; they win over the pool's own, of which those that name its queue and port cannot be set.",
      [],
      byName,
    ).optional(),
    labels: labelMap('More labels of the pods.').optional(),
    annotations: annotationMap('Annotations of the pods.').optional(),
    nodeSelector: nodeSelectorSchema.optional(),
    tolerations: described(z.array(tolerationSchema).max(32), 'Taints that the pods bear.').optional(),
    affinity: affinitySchema.optional(),
    topologySpreadConstraints: described(
      z.array(spreadSchema).max(8),
      'How the pods are spread over nodes and zones.',
    ).optional(),
    priorityClassName: objectName('PriorityClass of the pods.').optional(),
    securityContext: securityContextSchema.prefault({}),
    serviceAccountAnnotations: annotationMap(
      "Annotations of the pods' ServiceAccount, for a cloud's workload identity.",
    ).optional(),
    networkPolicy: networkPolicySchema.prefault({}),
  }),
  'The pods and what runs in them.',
);
export type RendererSpec = z.output<typeof rendererSpecSchema>;
