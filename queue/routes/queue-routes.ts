import type { FastifyInstance } from 'fastify';
import { LIMITS } from '../wire/contract.ts';
import type { StoredStats } from '../store/task-store.ts';
import { refuseOtherMethods } from '../http/fault-responses.ts';
import { HttpCaller } from '../http/http-caller.ts';
import { Presentation } from '../http/presentation.ts';
import { boolean, integer, single, type QueryParameters } from '../http/query-parameters.ts';
import { QUEUE_PATH, queueOf, type QueueParams } from '../http/queue-path.ts';
import type { QueueService } from './queue-service.ts';
import { checkedTag } from './task-body.ts';
import { MAX_LEASES } from './task-json.ts';

interface QueueRoute {
  Params: QueueParams;
  Querystring: QueryParameters;
}

/**
 * The `taskqueues` resource. Beyond v1beta2, with getStats=true: `tag` counts one tag only, and `waitSecs` with
 * `ifTotalTasksNot` answers as soon as the total is another one.
 */
export function registerQueueRoutes(app: FastifyInstance, service: QueueService): void {
  const { settings, json, stats, authorization } = service;

  app.get<QueueRoute>(QUEUE_PATH, { config: { permission: 'view' } }, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const { query } = request;
    const answer = new Presentation(query, 'TaskQueue');
    const tag = single(query, 'tag');
    const unlike = integer(query, 'ifTotalTasksNot', { min: 0, max: Number.MAX_SAFE_INTEGER });
    const waitSeconds = integer(query, 'waitSecs', { min: 0, max: LIMITS.waitSeconds }) ?? 0;
    let counts: StoredStats | undefined;
    if (boolean(query, 'getStats')) {
      const question = {
        tag: tag === undefined ? undefined : checkedTag(tag),
        unlike: unlike ?? -1,
        waitSeconds,
      };
      counts = await stats.stats(queue, question, new HttpCaller(reply));
    }
    const acl = {
      consumerEmails: authorization?.holders('consumer', queue) ?? [],
      producerEmails: authorization?.holders('producer', queue) ?? [],
      adminEmails: authorization?.holders('admin', queue) ?? [],
    };
    const extended = tag !== undefined || unlike !== undefined;
    return answer.send(reply, json.taskQueue(queue, acl, MAX_LEASES, counts, extended));
  });

  refuseOtherMethods(app, QUEUE_PATH, ['GET']);
}
