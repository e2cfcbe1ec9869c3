import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { addReportingRoutes, createReportingApp, type Reported } from '../../service/health.ts';

/** The HTTP server for probes and metrics. */
export function createOperatorApp(operator: Reported, logger: FastifyBaseLogger): FastifyInstance {
  const app = createReportingApp(logger);
  addReportingRoutes(app, operator);
  return app;
}
