import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** What the server reports on. */
export interface Reported {
  /** What only a restart can mend; none: alive. */
  readonly faults: string[];
  /** What keeps it from doing its work; none: ready. */
  readonly hindrances: string[];
  readonly metrics: { readonly registry: Registry };
}

/** The HTTP server that tells Kubernetes and Prometheus how the operator is. */
export function createOperatorApp(operator: Reported, logger: FastifyBaseLogger): FastifyInstance {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 10_000,
    forceCloseConnections: true,
  });
  app.get('/livez', (_request, reply) => {
    const reasons = operator.faults;
    if (reasons.length > 0) reply.code(503);
    return { status: reasons.length > 0 ? 'error' : 'ok', reasons };
  });
  app.get('/readyz', (_request, reply) => {
    const reasons = operator.hindrances;
    if (reasons.length > 0) reply.code(503);
    return { status: reasons.length > 0 ? 'error' : 'ok', reasons };
  });
  app.get('/metrics', async (_request, reply) => {
    const { registry } = operator.metrics;
    await reply.type(registry.contentType).send(await registry.metrics());
    return reply;
  });
  return app;
}
