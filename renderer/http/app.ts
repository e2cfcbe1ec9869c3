import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { FleetStatus } from '../fleet.ts';
import { catalogueRoutes, type CatalogueRoutesOptions } from './catalogue.ts';

/** What the liveness server reports on. */
export interface Reported {
  readonly status: FleetStatus;
  readonly faults: string[];
  readonly hindrances: string[];
  restartDead(): Promise<string[]>;
  readonly metrics: { readonly registry: Registry };
}

export interface LivenessOptions {
  fleet: Reported;
  name: string;
  version: string;
  logger: FastifyBaseLogger;
  /** What can be rendered; without it there is no /catalogue. */
  catalogue?: CatalogueRoutesOptions | undefined;
}

/** The HTTP server that tells Kubernetes and operators how the renderer is. */
export function createLivenessApp(options: LivenessOptions): FastifyInstance {
  const { fleet, name, version, logger, catalogue } = options;
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 10_000,
    forceCloseConnections: true,
    return503OnClosing: false,
  });

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
