import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
} from 'fastify';
import type { Registry } from 'prom-client';

/** What a process reports about itself to Kubernetes and Prometheus. */
export interface Reported {
  /** Why only a restart helps; empty while alive. */
  readonly liveness: string[];
  /** Why it cannot do its work; empty while ready. */
  readonly readiness: string[];
  readonly metrics: { readonly registry: Registry };
}

/** The answer of a health check. */
export interface Health {
  status: 'ok' | 'error';
  reasons: string[];
}

/** An HTTP server that reports on a process and does not log each request. */
export function createReportingApp(logger: FastifyBaseLogger): FastifyInstance {
  return fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 10_000,
    forceCloseConnections: true,
    return503OnClosing: false,
  });
}

/** Adds `/livez`, `/readyz` and `/metrics`. */
export function addReportingRoutes(app: FastifyInstance, reported: Reported): void {
  app.get('/livez', (_request, reply) => healthAnswer(reply, reported.liveness));
  app.get('/readyz', (_request, reply) => healthAnswer(reply, reported.readiness));
  app.get('/metrics', async (_request, reply) => {
    const { registry } = reported.metrics;
    await reply.type(registry.contentType).send(await registry.metrics());
    return reply;
  });
}

/** Answers 200 when there are no reasons against it, and else `errorCode` with the reasons. */
export function healthAnswer(reply: Pick<FastifyReply, 'code'>, reasons: string[], errorCode = 503): Health {
  if (reasons.length > 0) void reply.code(errorCode);
  return { status: reasons.length > 0 ? 'error' : 'ok', reasons };
}
