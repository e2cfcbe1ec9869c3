import { z } from 'zod';
import { described } from './rules.ts';

const DAY = 86_400;
const replicas = () => z.int().min(0).max(10_000);
const seconds = (least = 0) => z.int().min(least).max(DAY);

/** Target backlog per daemon if neither target is given. */
export const DEFAULT_BACKLOG_PER_DAEMON = 20;

/** How the number of renderer pods follows the backlog. */
export const scalingSpecSchema = described(
  z.object({
    minReplicas: described(replicas().default(0), 'Minimum number of pods, even with an empty queue.'),
    maxReplicas: described(replicas().default(10), 'Maximum number of pods.'),
    targetBacklogPerDaemon: described(
      z.int().min(1).max(1_000_000),
      `Target number of tasks per daemon, leased ones included. Default, unless targetDrainSeconds is set: ${DEFAULT_BACKLOG_PER_DAEMON}.`,
    ).optional(),
    targetDrainSeconds: described(
      seconds(1),
      'Target time to work off the backlog, in seconds. Needs a realistic secondsPerTask.',
    ).optional(),
    secondsPerTask: described(
      z.number().min(0.001).max(3600).default(1),
      'Time that one daemon takes for one task, in seconds; used with targetDrainSeconds.',
      // For an integer value the API server compares with the integer part of the minimum, and would accept 0.
      [{ rule: 'self >= 0.001', message: 'must be at least 0.001' }],
    ),
    scaleUpStabilizationSeconds: described(
      seconds().default(0),
      'Stabilization window for scaling up, in seconds: a backlog must last that long before pods are added.',
    ),
    scaleDownStabilizationSeconds: described(
      seconds().default(120),
      'Stabilization window for scaling down, in seconds: pods are removed only if nothing within the window needed them.',
    ),
    idleSeconds: described(
      seconds().default(300),
      'How long the queue must be empty before the last pod is removed, in seconds.',
    ),
    fallbackReplicas: described(
      replicas(),
      'Number of pods while the queue is unreachable. Default: the current number.',
    ).optional(),
    fallbackAfterSeconds: described(
      seconds().default(30),
      'How long the queue must be unreachable before fallbackReplicas applies, in seconds.',
    ),
  }),
  'How the number of pods follows the queue.',
  [
    {
      rule: '!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas',
      message: 'minReplicas must be at most maxReplicas',
      holds: ({ minReplicas, maxReplicas }) => minReplicas <= maxReplicas,
    },
    {
      rule: '!has(self.fallbackReplicas) || !has(self.maxReplicas) || self.fallbackReplicas <= self.maxReplicas',
      message: 'fallbackReplicas must be at most maxReplicas',
      holds: ({ fallbackReplicas, maxReplicas }) => (fallbackReplicas ?? 0) <= maxReplicas,
    },
    {
      rule: '!(has(self.targetBacklogPerDaemon) && has(self.targetDrainSeconds))',
      message: 'give at most one of targetBacklogPerDaemon and targetDrainSeconds',
      holds: (scaling) =>
        scaling.targetBacklogPerDaemon === undefined || scaling.targetDrainSeconds === undefined,
    },
  ],
);
export type ScalingSpec = z.output<typeof scalingSpecSchema>;
