import { z } from 'zod';
import { described } from './rules.ts';
import { queueSpecSchema } from './queue-spec.ts';
import { rendererSpecSchema } from './renderer-spec.ts';
import { scalingSpecSchema } from './scaling-spec.ts';

/** What a person asks of a RenderPool. Parsing fills in the defaults that the API server would. */
export const renderPoolSpecSchema = described(
  z.object({
    queue: queueSpecSchema,
    replicas: described(
      z.int().min(0).max(10_000).default(0),
      'A number of pods fixed by hand (kubectl scale) or by a HorizontalPodAutoscaler. 0: follow the queue.',
    ),
    scaling: scalingSpecSchema.prefault({}),
    renderer: rendererSpecSchema.prefault({}),
    paused: described(
      z.boolean().default(false),
      'While true, the operator changes nothing of the pool; its pods go on.',
    ),
    dryRun: described(
      z.boolean().default(false),
      'While true, the operator says in status and events what it would do, and does not do it.',
    ),
  }),
  'What is asked for.',
  [
    {
      rule: '!has(self.replicas) || !has(self.scaling) || !has(self.scaling.maxReplicas) || self.replicas <= self.scaling.maxReplicas',
      message: 'replicas must be at most scaling.maxReplicas; raise that first',
      holds: ({ replicas, scaling }) => replicas <= scaling.maxReplicas,
    },
  ],
);
export type RenderPoolSpec = z.output<typeof renderPoolSpecSchema>;
