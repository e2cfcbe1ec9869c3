import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginCallback,
} from 'fastify';
import type { Registry } from 'prom-client';
import type { PoolStatus } from '../worker/daemon-pool.ts';
import { catalogueRoutes, type CatalogueRoutesOptions } from './catalogue.ts';

/** What the liveness server needs of the daemon pool. */
export interface ObservedPool {
  readonly status: PoolStatus;
  readonly livenessProblems: string[];
  readonly readinessProblems: string[];
  restartDead(): Promise<string[]>;
  readonly metrics: { readonly registry: Registry };
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
  app.get('/livez', (_request, reply) => answer(reply, pool.livenessProblems));
  app.get('/readyz', (_request, reply) => answer(reply, pool.readinessProblems));
  app.get('/_ah/health', async (_request, reply) => {
    const reasons = await pool.restartDead();
    return answer(reply, reasons, 500);
  });
  app.get('/status', () => pool.status);
  app.get('/metrics', async (_request, reply) => {
    const { registry } = pool.metrics;
    await reply.type(registry.contentType).send(await registry.metrics());
    return reply;
  });
  done();
};

/** The renderer's HTTP server, with the liveness routes and the catalogue. */
export function createLivenessApp({ logger, catalogue, ...options }: LivenessOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 10_000,
    forceCloseConnections: true,
    return503OnClosing: false,
  });
  void app.register(livenessRoutes, options);
  if (catalogue) void app.register(catalogueRoutes, catalogue);

  app.setErrorHandler((error, request, reply) => {
    request.log.error({ err: error }, 'request failed');
    return reply.code(500).send({ status: 'error', reasons: ['Internal error; see the log.'] });
  });
  return app;
}

function answer(
  reply: { code(status: number): unknown },
  reasons: string[],
  faultCode = 503,
): { status: string; reasons: string[] } {
  if (reasons.length > 0) reply.code(faultCode);
  return { status: reasons.length > 0 ? 'error' : 'ok', reasons };
}
