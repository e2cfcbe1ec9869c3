import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginCallback,
} from 'fastify';
import type { Registry } from 'prom-client';
import type { FleetStatus } from '../worker/daemon-pool.ts';
import { catalogueRoutes, type CatalogueRoutesOptions } from './catalogue.ts';

/** What the liveness server reports on. */
export interface Reported {
  readonly status: FleetStatus;
  readonly faults: string[];
  readonly hindrances: string[];
  restartDead(): Promise<string[]>;
  readonly metrics: { readonly registry: Registry };
}

export interface LivenessRoutesOptions {
  fleet: Reported;
  name: string;
  version: string;
}

export interface LivenessOptions extends LivenessRoutesOptions {
  logger: FastifyBaseLogger;
  /** What can be rendered; without it there is no /catalogue. */
  catalogue?: CatalogueRoutesOptions | undefined;
}

/** Tells Kubernetes and operators how the renderer is. */
export const livenessRoutes: FastifyPluginCallback<LivenessRoutesOptions> = (app, options, done) => {
  const { fleet, name, version } = options;
  const about = () => ({ name, version });
  app.get('/', about);
  app.get('/version', about);
  app.get('/livez', (_request, reply) => judge(reply, fleet.faults));
  app.get('/readyz', (_request, reply) => judge(reply, fleet.hindrances));
  app.get('/_ah/health', async (_request, reply) => {
    const reasons = await fleet.restartDead();
    return judge(reply, reasons, 500);
  });
  app.get('/status', () => fleet.status);
  app.get('/metrics', async (_request, reply) => {
    const { registry } = fleet.metrics;
    await reply.type(registry.contentType).send(await registry.metrics());
    return reply;
  });
  done();
};

/** The renderer's own HTTP server, with the liveness routes and the catalogue. */
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
    request.log.error({ err: error }, 'a request failed');
    return reply.code(500).send({ status: 'error', reasons: ['Something went wrong; the log says what.'] });
  });
  return app;
}

function judge(
  reply: { code(status: number): unknown },
  reasons: string[],
  faultCode = 503,
): { status: string; reasons: string[] } {
  if (reasons.length > 0) reply.code(faultCode);
  return { status: reasons.length > 0 ? 'error' : 'ok', reasons };
}
