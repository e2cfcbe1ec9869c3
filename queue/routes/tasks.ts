import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { encodingFault } from '../http/body-parsers.ts';
import { refuseOtherMethods } from '../http/fault-responses.ts';
import { HttpCaller } from '../http/http-caller.ts';
import { Presentation } from '../http/presentation.ts';
import { QUEUE_URL, queueOf, taskOf, type QueueRoute, type TaskRoute } from '../http/queue-paths.ts';
import { QueryReader, readBody } from '../http/request-readers.ts';
import { maxAttemptsOf, type QueueSettings } from '../http/settings.ts';
import type { WaitingLeases } from '../long-poll/waiting-leases.ts';
import type { Fence, QueueRef, Renewal, TagFilter, TaskRecord, TaskStore } from '../store/task-store.ts';
import { decodeBase64, decodedLength, encodeBase64 } from '../wire/base64.ts';
import { LIMITS, newTaskSchema, taskPatchSchema } from '../wire/contract.ts';
import { faults, QueueFault } from '../wire/faults.ts';
import { leaseSchema, renewSchema, uploadSchema } from '../wire/methods.ts';
import type { MessageWriter } from './message-writer.ts';

const TASKS_URL = `${QUEUE_URL}/tasks`;
const TASK_URL = `${TASKS_URL}/:task`;
const UPLOAD_URL = `/upload${TASKS_URL}`;

const leaseQuery = new QueryReader(leaseSchema);
const renewQuery = new QueryReader(renewSchema);
const uploadQuery = new QueryReader(uploadSchema);
const updatedTaskSchema = taskPatchSchema.loose();

interface TasksService {
  store: TaskStore;
  settings: QueueSettings;
  leases: WaitingLeases;
  writer: MessageWriter;
}

/** The methods of the `tasks` collection. */
export function registerTasks(app: FastifyInstance, service: TasksService): void {
  const { store, settings, writer, leases } = service;
  const produce = { config: { permission: 'insert' } } as const;
  const consume = { config: { permission: 'consume' } } as const;

  app.post<QueueRoute>(TASKS_URL, produce, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'Task', request.headers.prefer);
    const { id, queueName, tag, payloadBase64: text } = readBody(request.body, newTaskSchema);
    if (queueName && queueName !== queue.queue) throw faults.queueMismatch();
    const payload = decodePayload(text);
    const task = await store.insert(queue, { id: id ?? randomUUID(), payload, tag: tag ?? undefined });
    const echo = answer.payload ? encodeBase64(payload, text) : undefined;
    return answer.send(withEtag(reply, task), writer.task(queue.queue, task, echo));
  });

  app.get<QueueRoute>(TASKS_URL, consume, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'Tasks');
    const tasks = await store.list(queue, LIMITS.listTasks, answer);
    return answer.send(reply, writer.tasks(queue.queue, tasks));
  });

  app.post<QueueRoute>(`${TASKS_URL}/lease`, consume, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'Tasks');
    const { numTasks, leaseSecs, groupByTag, tag, waitSecs } = leaseQuery.read(request.query);
    const order = {
      count: numTasks,
      leaseSeconds: leaseSecs,
      filter: tagFilter(groupByTag, tag),
      maxAttempts: maxAttemptsOf(settings, queue),
      payload: answer.payload,
    };
    const tasks = await leases.lease(queue, order, waitSecs, new HttpCaller(reply));
    return answer.send(reply, writer.tasks(queue.queue, tasks));
  });

  app.get<TaskRoute>(TASK_URL, consume, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'Task');
    const task = await store.get(queue, taskOf(request.params), answer);
    return answer.send(withEtag(reply, task), writer.task(queue.queue, task));
  });

  const renew = async (request: FastifyRequest<TaskRoute>, reply: FastifyReply, isUpdate: boolean) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'Task', request.headers.prefer);
    const renewal = { ...renewalOf(request, queue, isUpdate), payload: answer.payload };
    const task = await store.renew(queue, renewal);
    return answer.send(withEtag(reply, task), writer.task(queue.queue, task));
  };
  app.post<TaskRoute>(TASK_URL, consume, (request, reply) => renew(request, reply, true));
  app.patch<TaskRoute>(TASK_URL, consume, (request, reply) => renew(request, reply, false));

  app.delete<TaskRoute>(TASK_URL, consume, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const fence = parseIfMatch(request.headers['if-match']);
    const id = taskOf(request.params);
    await store.delete(queue, { id, fence, tombstoneSeconds: settings.tombstoneSeconds });
    return reply.code(204).send();
  });

  refuseOtherMethods(app, TASKS_URL, ['GET', 'POST']);
  refuseOtherMethods(app, TASK_URL, ['GET', 'POST', 'PATCH', 'DELETE']);
  void app.register((upload, _options, done) => {
    registerUpload(upload, service);
    done();
  });
}

/**
 * tasks.insert as Google's simple media upload: the body is the payload itself, of any content type, and `id` and `tag` are
 * in the query. A payload that contains base64, such as a result with its document, grows by a third once, not twice.
 */
function registerUpload(app: FastifyInstance, { store, settings, writer }: TasksService): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: LIMITS.payloadBytes },
    (request, body, done) => {
      done(encodingFault(request), body);
    },
  );
  app.post<QueueRoute>(UPLOAD_URL, { config: { permission: 'insert' } }, async (request, reply) => {
    const queue = queueOf(request.params, settings);
    const answer = new Presentation(request.query, 'Task', request.headers.prefer);
    const { id = randomUUID(), tag } = uploadQuery.read(request.query);
    const payload = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const task = await store.insert(queue, { id, payload, tag });
    const echo = answer.payload ? payload.toString('base64') : undefined;
    return answer.send(withEtag(reply, task), writer.task(queue.queue, task, echo));
  });
  refuseOtherMethods(app, UPLOAD_URL, ['POST']);
}

function decodePayload(text: string): Buffer {
  const length = decodedLength(text);
  if (length > LIMITS.payloadBytes)
    throw new QueueFault(
      'payloadTooLarge',
      `The payload is ${length} bytes; at most ${LIMITS.payloadBytes} are allowed.`,
    );
  const payload = decodeBase64(text);
  if (!payload) throw new QueueFault('invalidPayload', 'payloadBase64 is not valid base64.');
  return payload;
}

function renewalOf(
  { query, body, params, headers }: FastifyRequest<TaskRoute>,
  queue: QueueRef,
  isUpdate: boolean,
): Renewal {
  const { newLeaseSeconds } = renewQuery.read(query);
  const { queueName, tag, id } = readBody(body, updatedTaskSchema);
  if (queueName !== queue.queue) throw faults.queueMismatch();
  if (isUpdate && id !== params.task) throw new QueueFault('taskMismatch', 'Task IDs must match.');
  return {
    id: taskOf(params),
    leaseSeconds: newLeaseSeconds,
    tag: tag === null ? '' : tag,
    fence: parseIfMatch(headers['if-match']),
  };
}

function tagFilter(groupByTag: boolean, tag: string | undefined): TagFilter {
  if (!groupByTag && tag !== undefined) throw faults.invalidParameter('tag needs groupByTag=true.');
  if (!groupByTag) return { by: 'any' };
  return tag === undefined ? { by: 'oldest' } : { by: 'tag', tag };
}

/**
 * The leases that an If-Match header (RFC 9110, section 13.1.1) names; absent without the header, or when it is `*`. Weak
 * tags and those that no lease can have match nothing.
 */
function parseIfMatch(header: string | undefined): Fence {
  if (header === undefined || header.trim() === '*') return undefined;
  return header.split(',').flatMap((tag) => {
    const digits = /^\s*(?:"(\d{1,16})"|(\d{1,16}))\s*$/.exec(tag);
    return digits ? [Number(digits[1] ?? digits[2])] : [];
  });
}

function withEtag(reply: FastifyReply, task: TaskRecord): FastifyReply {
  return reply.header('etag', `"${task.leased}"`);
}
