import type { FastifyBaseLogger, FastifyInstance, FastifyPluginCallback } from 'fastify';
import { addReportingRoutes, createReportingApp, healthAnswer, type Reported } from '../../service/health.ts';
import type { PoolStatus } from '../worker/daemon-pool.ts';
import { catalogueRoutes, type CatalogueRoutesOptions } from './catalogue.ts';

/** What the liveness server needs of the daemon pool. */
export interface ObservedPool extends Reported {
  readonly status: PoolStatus;
  restartDead(): Promise<string[]>;
}

export interface LivenessRoutesOptions {
  pool: ObservedPool;
  name: string;
  version: string;
}

export interface LivenessOptions extends LivenessRoutesOptions {
  logger: FastifyBaseLogger;
  /** Without it, /catalogue is not served. */
  catalogue?: CatalogueRoutesOptions | undefined;
}

/** The probes of Kubernetes, and status and metrics for operators. */
export const livenessRoutes: FastifyPluginCallback<LivenessRoutesOptions> = (app, options, done) => {
  const { pool, name, version } = options;
  const about = () => ({ name, version });
  app.get('/', about);
  app.get('/version', about);
  addReportingRoutes(app, pool);
  app.get('/_ah/health', async (_request, reply) => {
    const reasons = await pool.restartDead();
    return healthAnswer(reply, reasons, 500);
  });
  app.get('/status', () => pool.status);
  done();
};

/** The renderer's HTTP server, with the liveness routes and the catalogue. */
export function createLivenessApp({ logger, catalogue, ...options }: LivenessOptions): FastifyInstance {
  const app = createReportingApp(logger);
  void app.register(livenessRoutes, options);
  if (catalogue) void app.register(catalogueRoutes, catalogue);

  app.setErrorHandler((error, request, reply) => {
    request.log.error({ err: error }, 'request failed');
    return reply.code(500).send({ status: 'error', reasons: ['Internal error; see the log.'] });
  });
  return app;
}
