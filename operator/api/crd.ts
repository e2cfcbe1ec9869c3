import { stringify } from 'yaml';
import { renderPoolStatusSchema } from './status.ts';
import { structuralSchema } from './structural-schema.ts';
import { GROUP, KIND, PLURAL, renderPoolSpecSchema, VERSION } from './render-pool.ts';

const POOL_NAME = '^[a-z]([-a-z0-9]*[a-z0-9])?$';

const column = (name: string, type: string, jsonPath: string, description: string, priority = 0) => ({
  name,
  type,
  jsonPath,
  description,
  ...(priority > 0 && { priority }),
});

const condition = (type: string, field: string) => `.status.conditions[?(@.type=="${type}")].${field}`;

/** The CustomResourceDefinition of RenderPool, derived from the zod schema. */
export function customResourceDefinition() {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${PLURAL}.${GROUP}`, labels: { 'app.kubernetes.io/name': 'renderfleet' } },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: {
        kind: KIND,
        listKind: `${KIND}List`,
        plural: PLURAL,
        singular: KIND.toLowerCase(),
        shortNames: ['rp'],
        categories: ['all'],
      },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          additionalPrinterColumns: [
            column('Ready', 'string', condition('Ready', 'status'), 'Whether all desired pods are ready'),
            column('Replicas', 'integer', '.status.replicas', 'Number of pods'),
            column('Desired', 'integer', '.status.desiredReplicas', 'Desired number of pods'),
            column('Backlog', 'integer', '.status.backlog', 'Tasks in the queue'),
            column('Oldest', 'date', '.status.oldestTaskTime', 'Age of the oldest task'),
            column('Age', 'date', '.metadata.creationTimestamp', 'Age of the pool'),
            column('Reason', 'string', condition('Ready', 'reason'), 'Why the pool is ready or not', 1),
            column(
              'Message',
              'string',
              condition('Ready', 'message'),
              'Why the pool is ready or not, in words',
              1,
            ),
          ],
          subresources: {
            status: {},
            scale: {
              specReplicasPath: '.spec.replicas',
              statusReplicasPath: '.status.replicas',
              labelSelectorPath: '.status.selector',
            },
          },
          schema: {
            openAPIV3Schema: {
              description: 'A pool of renderer pods that scales with its task queue.',
              type: 'object',
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec: structuralSchema(renderPoolSpecSchema),
                status: structuralSchema(renderPoolStatusSchema),
              },
              'x-kubernetes-validations': [
                {
                  rule: `self.metadata.name.size() <= 50 && self.metadata.name.matches('${POOL_NAME}')`,
                  message:
                    'the name of a RenderPool must be at most 50 lower-case letters, digits and -, and start with a letter, because Service names derive from it',
                },
              ],
            },
          },
        },
      ],
    },
  };
}

/** The CRD as YAML, for the chart and the kustomize base. */
export function customResourceDefinitionYaml(): string {
  return stringify(customResourceDefinition(), { lineWidth: 0, aliasDuplicateObjects: false });
}
