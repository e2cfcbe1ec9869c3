import { z } from 'zod';
import { described, exactlyOneOf, immutable, matches } from './rules.ts';
import { dataKey, httpUrl, labelName, objectName } from './names.ts';

const service = described(
  z.object({
    name: labelName('Name of the Service.'),
    namespace: labelName('Namespace of the Service; default: the namespace of the RenderPool.').optional(),
    port: described(
      z.int().min(1).max(65_535).default(8080),
      'Port of the Service, spoken to in plain HTTP.',
    ),
  }),
  'The Service in this cluster that the queue service is reached at.',
);

const tokenSecret = described(
  z.object({
    name: objectName('Name of the Secret, in the namespace of the RenderPool.'),
    key: described(dataKey('').default('token'), 'Key of the Secret that holds the token.'),
  }),
  'The Secret with the bearer token that renderers and operator show to the queue service.',
);

/** Which queue a pool works on, and how it is reached. */
export const queueSpecSchema = described(
  z.object({
    service: service.optional(),
    url: httpUrl('Root URL of the queue service, for one outside of this cluster.').optional(),
    project: described(
      z.string().min(1).max(100).default('render'),
      'Project of the queue. Cannot be changed: the queue is what the pool is for.',
      [
        matches(/^[a-zA-Z0-9][-_.~a-zA-Z0-9]*$/, 'must be letters, digits, -, _, . and ~'),
        immutable('cannot be changed: make another RenderPool for another queue'),
      ],
    ),
    taskQueue: described(
      z.string().min(1).max(100).default('render'),
      'Name of the task queue. Cannot be changed: the queue is what the pool is for.',
      [
        matches(/^[a-zA-Z0-9-]+$/, 'must be letters, digits and -'),
        immutable('cannot be changed: make another RenderPool for another queue'),
      ],
    ),
    tokenSecret: tokenSecret.optional(),
  }),
  'The queue that the pool works on.',
  [exactlyOneOf(['service', 'url'], 'name exactly one queue: either service or url')],
);
export type QueueSpec = z.output<typeof queueSpecSchema>;
