import type { FastifyInstance } from 'fastify';
import { refuseOtherMethods } from '../http/fault-responses.ts';
import type { QueueMetrics } from '../observability/metrics.ts';
import type { Readiness } from '../observability/readiness.ts';
import { errorEnvelope } from '../wire/faults.ts';

/** `/livez` answers whenever the process does; `/readyz` says why the service cannot work; `/metrics` is for Prometheus. */
export function registerProbes(app: FastifyInstance, readiness: Readiness, metrics: QueueMetrics): void {
  const quiet = { config: { quiet: true } };
  app.get('/livez', quiet, () => ({ status: 'ok' }));
  app.get('/readyz', quiet, async (_request, reply) => {
    const problems = await readiness.problems();
    if (problems.length === 0) return { status: 'ok' };
    void reply.code(503).type('application/json; charset=utf-8');
    return errorEnvelope('notReady', problems.join(' '));
  });
  app.get('/metrics', quiet, async (_request, reply) => {
    void reply.type(metrics.registry.contentType);
    return metrics.scrape();
  });
  for (const url of ['/livez', '/readyz', '/metrics']) refuseOtherMethods(app, url, ['GET']);
}
