import { z } from 'zod';
import { described } from './rules.ts';

const time = (description: string) => described(z.string().max(64), description, [], { format: 'date-time' });
const count = (description: string) => described(z.int().min(0), description, [], { format: 'int64' });

/** The kinds of condition a RenderPool has, in the order in which they are shown. */
export const CONDITION_TYPES = ['Ready', 'Progressing', 'Degraded', 'ScalingActive', 'Paused'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** One condition, as metav1.Condition has it. */
export const conditionSchema = described(
  z.object({
    type: described(z.string().max(316), 'What is said something about.'),
    status: described(z.enum(['True', 'False', 'Unknown']), 'Whether it holds.'),
    reason: described(z.string().max(1024), 'Why, in one word for programs.'),
    message: described(z.string().max(32_768), 'Why, for people.'),
    lastTransitionTime: time('When status last changed.'),
    observedGeneration: count('The generation of the pool that this was said of.').optional(),
  }),
  'A condition.',
);
export type Condition = z.output<typeof conditionSchema>;

/** What the operator says of a pool. */
export const renderPoolStatusSchema = described(
  z.object({
    observedGeneration: count('The generation of the pool that this status is about.').optional(),
    replicas: count('Pods that there are.').optional(),
    readyReplicas: count('Pods that are ready to work.').optional(),
    desiredReplicas: count('Pods that there should be.').optional(),
    backlog: count('Tasks in the queue, leased ones included, when this status was written.').optional(),
    oldestTaskAge: count('Age in seconds of the oldest task when this status was written.').optional(),
    oldestTaskTime: time('When the oldest task was put into the queue.').optional(),
    lastScaleTime: time('When the number of pods was last changed.').optional(),
    selector: described(
      z.string().max(1024),
      'Label selector of the pods, for kubectl scale and autoscale.',
    ).optional(),
    conditions: described(z.array(conditionSchema).max(16), 'What holds of the pool.', [], {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    }).optional(),
  }),
  'What the operator found and did.',
);
export type RenderPoolStatus = z.output<typeof renderPoolStatusSchema>;
