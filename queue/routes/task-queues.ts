import type { FastifyInstance } from 'fastify';
import type { Authorization } from '../auth/authorization.ts';
import { refuseOtherMethods } from '../http/fault-responses.ts';
import { HttpCaller } from '../http/http-caller.ts';
import { Presentation } from '../http/presentation.ts';
import { QUEUE_URL, queueOf, type QueueRoute } from '../http/queue-paths.ts';
import { QueryReader } from '../http/request-readers.ts';
import type { QueueSettings } from '../http/settings.ts';
import type { WaitingStats } from '../long-poll/waiting-stats.ts';
import { getQueueSchema } from '../wire/methods.ts';
import type { MessageWriter } from './message-writer.ts';

const queueQuery = new QueryReader(getQueueSchema);

interface TaskQueuesService {
  settings: QueueSettings;
  stats: WaitingStats;
  writer: MessageWriter;
  authorization?: Authorization | undefined;
}

/**
 * The `taskqueues` resource. Beyond v1beta2, with getStats=true: `tag` counts one tag only, and `waitSecs` with
 * `ifTotalTasksNot` answers as soon as the total differs.
 */
export function registerTaskQueues(app: FastifyInstance, service: TaskQueuesService): void {
  const { settings, writer, stats, authorization } = service;

  app.get<QueueRoute>(QUEUE_URL, { config: { permission: 'view' } }, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'TaskQueue');
    const { getStats, tag, ifTotalTasksNot: unlike, waitSecs } = queueQuery.read(request.query);
    const question = { tag, unlike: unlike ?? -1, waitSeconds: waitSecs };
    const counts = getStats ? await stats.stats(queue, question, new HttpCaller(reply)) : undefined;
    const acl = {
      consumerEmails: authorization?.holders('consumer', queue) ?? [],
      producerEmails: authorization?.holders('producer', queue) ?? [],
      adminEmails: authorization?.holders('admin', queue) ?? [],
    };
    const extended = tag !== undefined || unlike !== undefined;
    return answer.send(reply, writer.taskQueue(queue, acl, counts, extended));
  });

  refuseOtherMethods(app, QUEUE_URL, ['GET']);
}
