import { z } from 'zod';
import { described } from './rules.ts';

const DAY = 86_400;
const replicas = () => z.int().min(0).max(10_000);
const seconds = (least = 0) => z.int().min(least).max(DAY);

/** The backlog per daemon that is aimed at when neither target is given: as many tasks as a daemon leases at once. */
export const DEFAULT_BACKLOG_PER_DAEMON = 20;

/** How many renderer pods a pool has for which backlog. */
export const scalingSpecSchema = described(
  z.object({
    minReplicas: described(replicas().default(0), 'Pods that are kept even while there is nothing to do.'),
    maxReplicas: described(replicas().default(10), 'Pods at most.'),
    targetBacklogPerDaemon: described(
      z.int().min(1).max(1_000_000),
      `Tasks, leased ones included, that one daemon should have to do. Default, when targetDrainSeconds is not given either: ${DEFAULT_BACKLOG_PER_DAEMON}.`,
    ).optional(),
    targetDrainSeconds: described(
      seconds(1),
      'Seconds that the backlog should be done in; needs secondsPerTask to be about right.',
    ).optional(),
    secondsPerTask: described(
      z.number().min(0.001).max(3600).default(1),
      'Seconds that one daemon takes for one task, for targetDrainSeconds.',
      // Of a whole number the API server compares the whole part of a minimum only, and would take 0.
      [{ rule: 'self >= 0.001', message: 'must be at least 0.001' }],
    ),
    scaleUpStabilizationSeconds: described(
      seconds().default(0),
      'A backlog must last that long before pods are added.',
    ),
    scaleDownStabilizationSeconds: described(
      seconds().default(120),
      'Pods are taken away only when none of the last so many seconds needed them.',
    ),
    idleSeconds: described(
      seconds().default(300),
      'Seconds that the queue must have been empty before the last pod goes.',
    ),
    fallbackReplicas: described(
      replicas(),
      'Pods to hold while the queue cannot be asked. Default: as many as there are.',
    ).optional(),
    fallbackAfterSeconds: described(
      seconds().default(30),
      'Seconds that the queue must have been out of reach before fallbackReplicas holds.',
    ),
  }),
  'How many pods the pool has for how many tasks.',
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
