import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** The operator as the HTTP server sees it. */
export interface Reported {
  /** Problems that only a restart can fix; empty while it is alive. */
  readonly livenessProblems: string[];
  /** What it still needs before it can work; empty once it is ready. */
  readonly readinessProblems: string[];
  readonly metrics: { readonly registry: Registry };
}

/** The HTTP server for probes and metrics. */
export function createOperatorApp(operator: Reported, logger: FastifyBaseLogger): FastifyInstance {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 10_000,
    forceCloseConnections: true,
  });
  app.get('/livez', (_request, reply) => {
    const reasons = operator.livenessProblems;
    if (reasons.length > 0) reply.code(503);
    return { status: reasons.length > 0 ? 'error' : 'ok', reasons };
  });
  app.get('/readyz', (_request, reply) => {
    const reasons = operator.readinessProblems;
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
