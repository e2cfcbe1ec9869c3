import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authorization, Permission } from '../auth/authorization.ts';
import type { QueueMetrics } from '../observability/metrics.ts';
import type { Readiness } from '../observability/readiness.ts';
import { queueOf, type QueueRoute } from './queue-paths.ts';
import type { QueueSettings } from './settings.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token must allow on this route, whose path names a queue; a route without it needs no token. */
    permission?: Permission;
    /** Logged at debug level only, because probes call all the time. */
    quiet?: boolean;
  }
}

const REQUEST_ID = /^[\w.:-]{1,128}$/;
/** Tells requests to this process from those to other replicas and to its predecessors. */
const PROCESS = randomUUID();
let count = 0;

/** The caller's X-Request-Id when it is acceptable, else a new one. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  if (typeof given === 'string' && REQUEST_ID.test(given)) return given;
  count += 1;
  return `${PROCESS}-${count.toString(36)}`;
}

interface RequestHooks {
  settings: QueueSettings;
  authorization?: Authorization | undefined;
  metrics: QueueMetrics;
  readiness: Readiness;
}

/** What happens around every request: its id, the check of its token, its line in the log and its place in the metrics. */
export function registerRequestHooks(
  app: FastifyInstance,
  { settings, authorization, metrics, readiness }: RequestHooks,
): void {
  const queue = (request: FastifyRequest) => queueOf(request.params as QueueRoute['Params'], settings);
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

/** One line a request, without its query, headers and body, any of which may hold secrets. */
function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode, elapsedTime } = reply;
  const line = {
    requestId: request.id,
    method: request.method,
    path: request.url.split('?', 1)[0],
    status: statusCode,
    durationMs: Math.round(elapsedTime * 1000) / 1000,
  };
  if (statusCode >= 500) request.log.warn(line, 'request failed');
  else if (request.routeOptions.config.quiet) request.log.debug(line, 'request');
  else request.log.info(line, 'request');
}
