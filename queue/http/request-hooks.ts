import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Permission } from '../auth/authorization.ts';
import type { Readiness } from '../observability/health.ts';
import type { QueueMetrics } from '../observability/metrics.ts';
import { queueOf, type QueueParams } from './queue-path.ts';
import type { QueueService } from '../routes/queue-service.ts';
import { logAnswer } from '../observability/request-log.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token must allow for this route, which has a queue in its path; routes without are open to all. */
    permission?: Permission;
    /** Logged at debug level only, because probes ask all the time. */
    quiet?: boolean;
  }
}

const REQUEST_ID = /^[\w.:-]{1,128}$/;
/** Tells this process' requests from those of other replicas and of its predecessors. */
const PROCESS = randomUUID();
let count = 0;

/** The caller's X-Request-Id when it is a sane one, else a new one. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  if (typeof given === 'string' && REQUEST_ID.test(given)) return given;
  count += 1;
  return `${PROCESS}-${count.toString(36)}`;
}

/** What happens around every request: its id, the check of its token, its line in the log and its place in the metrics. */
export function registerRequestHooks(
  app: FastifyInstance,
  { settings, authorization }: QueueService,
  metrics: QueueMetrics,
  readiness: Readiness,
): void {
  const queue = (request: FastifyRequest) => queueOf(request.params as QueueParams, settings);
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    const { permission } = request.routeOptions.config;
    if (authorization && permission)
      authorization.require(request.headers.authorization, permission, () => queue(request));
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (readiness.draining) void reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    metrics.observe(request, reply);
    if (request.routeOptions.config.permission && reply.statusCode < 300) metrics.know(queue(request));
    logAnswer(request, reply);
    done();
  });
}
