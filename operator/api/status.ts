import { z } from 'zod';
import { described } from './rules.ts';

const time = (description: string) => described(z.string().max(64), description, [], { format: 'date-time' });
const count = (description: string) => described(z.int().min(0), description, [], { format: 'int64' });

/** The condition types of a RenderPool, in display order. */
export const CONDITION_TYPES = ['Ready', 'Progressing', 'Degraded', 'ScalingActive', 'Paused'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** One condition, like metav1.Condition. */
const conditionSchema = described(
  z.object({
    type: described(z.string().max(316), 'Type of the condition.'),
    status: described(z.enum(['True', 'False', 'Unknown']), 'Status of the condition.'),
    reason: described(z.string().max(1024), 'Machine-readable reason.'),
    message: described(z.string().max(32_768), 'Human-readable explanation.'),
    lastTransitionTime: time('When the status of the condition last changed.'),
    observedGeneration: count('Generation of the pool that the condition describes.').optional(),
  }),
  'A condition.',
);
export type Condition = z.output<typeof conditionSchema>;

/** The status of a RenderPool. */
export const renderPoolStatusSchema = described(
  z.object({
    observedGeneration: count('Generation of the pool that the status describes.').optional(),
    replicas: count('Number of pods.').optional(),
    readyReplicas: count('Number of ready pods.').optional(),
    desiredReplicas: count('Desired number of pods.').optional(),
    backlog: count('Tasks in the queue, leased ones included, when the status was written.').optional(),
    oldestTaskAge: count('Age of the oldest task in seconds, when the status was written.').optional(),
    oldestTaskTime: time('When the oldest task was inserted.').optional(),
    lastScaleTime: time('When the number of pods last changed.').optional(),
    selector: described(
      z.string().max(1024),
      'Label selector of the pods, for kubectl scale and autoscale.',
    ).optional(),
    conditions: described(z.array(conditionSchema).max(16), 'Conditions of the pool.', [], {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    }).optional(),
  }),
  'The observed state.',
);
export type RenderPoolStatus = z.output<typeof renderPoolStatusSchema>;
