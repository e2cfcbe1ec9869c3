import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LIMITS, TASK_ID } from '../wire/contract.ts';
import { faults, QueueFault } from '../wire/faults.ts';
import type { QueueRef, Renewal, TaskRecord, TagFilter } from '../store/task-store.ts';
import { refuseOtherMethods } from '../http/fault-responses.ts';
import { HttpCaller } from '../http/http-caller.ts';
import { parseIfMatch } from './if-match.ts';
import { Presentation } from '../http/presentation.ts';
import { boolean, integer, requiredInteger, single, type QueryParameters } from '../http/query-parameters.ts';
import { QUEUE_PATH, queueOf, type QueueParams } from '../http/queue-path.ts';
import type { QueueService } from './queue-service.ts';
import { maxAttemptsOf } from '../http/settings.ts';
import { checkedTag, checkQueueName, givenId, givenPayload, givenTag, jsonObject } from './task-body.ts';

export interface QueueRoute {
  Params: QueueParams;
  Querystring: QueryParameters;
}
interface TaskRoute extends QueueRoute {
  Params: QueueParams & { task: string };
}

/** The methods of the `tasks` resource. */
export function registerTaskRoutes(app: FastifyInstance, service: QueueService): void {
  const { store, settings, json, leases } = service;
  const tasks = `${QUEUE_PATH}/tasks`;

  app.post<QueueRoute>(tasks, { config: { permission: 'insert' } }, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'Task', request.headers.prefer);
    const body = jsonObject(request.body);
    checkQueueName(body, queue.queue, false);
    const tag = givenTag(body);
    const { payload, payloadBase64 } = givenPayload(body);
    const task = await store.insert(queue, { id: givenId(body.id), payload, tag });
    const echo = answer.payload ? payloadBase64 : undefined;
    return answer.send(withEtag(reply, task), json.task(queue.queue, task, echo));
  });

  app.get<QueueRoute>(tasks, { config: { permission: 'consume' } }, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'Tasks');
    const listed = await store.list(queue, LIMITS.listTasks, answer);
    return answer.send(reply, json.tasks(queue.queue, listed));
  });

  app.post<QueueRoute>(`${tasks}/lease`, { config: { permission: 'consume' } }, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'Tasks');
    const order = {
      count: requiredInteger(request.query, 'numTasks', { min: 1, max: LIMITS.leaseTasks }),
      leaseSeconds: requiredInteger(request.query, 'leaseSecs', { min: 0, max: LIMITS.leaseSeconds }),
      filter: tagFilter(request.query),
      maxAttempts: maxAttemptsOf(settings, queue),
      payload: answer.payload,
    };
    const wait = integer(request.query, 'waitSecs', { min: 0, max: LIMITS.waitSeconds }) ?? 0;
    const leased = await leases.lease(queue, order, wait, new HttpCaller(reply));
    return answer.send(reply, json.tasks(queue.queue, leased));
  });

  app.get<TaskRoute>(`${tasks}/:task`, { config: { permission: 'consume' } }, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'Task');
    const task = await store.get(queue, taskId(request), answer);
    return answer.send(withEtag(reply, task), json.task(queue.queue, task));
  });

  const renew = async (request: FastifyRequest<TaskRoute>, reply: FastifyReply, whole: boolean) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'Task', request.headers.prefer);
    const renewal = { ...renewalOf(request, queue, whole), payload: answer.payload };
    const task = await store.renew(queue, renewal);
    return answer.send(withEtag(reply, task), json.task(queue.queue, task));
  };
  app.post<TaskRoute>(`${tasks}/:task`, { config: { permission: 'consume' } }, (request, reply) =>
    renew(request, reply, true),
  );
  app.patch<TaskRoute>(`${tasks}/:task`, { config: { permission: 'consume' } }, (request, reply) =>
    renew(request, reply, false),
  );

  app.delete<TaskRoute>(`${tasks}/:task`, { config: { permission: 'consume' } }, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const fence = parseIfMatch(request.headers['if-match']);
    await store.delete(queue, {
      id: taskId(request),
      fence,
      tombstoneSeconds: settings.tombstoneSeconds,
    });
    return reply.code(204).send();
  });

  refuseOtherMethods(app, tasks, ['GET', 'POST']);
  refuseOtherMethods(app, `${tasks}/:task`, ['GET', 'POST', 'PATCH', 'DELETE']);
}

function renewalOf(request: FastifyRequest<TaskRoute>, queue: QueueRef, whole: boolean): Renewal {
  const bounds = { min: 0, max: LIMITS.leaseSeconds };
  const leaseSeconds = requiredInteger(request.query, 'newLeaseSeconds', bounds);
  const body = jsonObject(request.body);
  checkQueueName(body, queue.queue, true);
  if (whole && body.id !== request.params.task) throw new QueueFault('taskMismatch', 'Task IDs must match.');
  const tag = givenTag(body);
  return { id: taskId(request), leaseSeconds, tag, fence: parseIfMatch(request.headers['if-match']) };
}

/** A name that no task can have names none. */
function taskId({ params }: FastifyRequest<TaskRoute>): string {
  if (!TASK_ID.test(params.task)) throw faults.unknownTask();
  return params.task;
}

function tagFilter(query: QueryParameters): TagFilter {
  const tag = single(query, 'tag');
  const grouped = boolean(query, 'groupByTag');
  if (tag !== undefined && !grouped) throw faults.invalidParameter('tag needs groupByTag=true.');
  if (!grouped) return { by: 'any' };
  return tag === undefined ? { by: 'oldest' } : { by: 'tag', tag: checkedTag(tag) };
}

/** A task's ETag is its fencing token. */
export function withEtag(reply: FastifyReply, task: TaskRecord): FastifyReply {
  return reply.header('etag', `"${task.leased}"`);
}
