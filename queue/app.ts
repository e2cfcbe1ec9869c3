import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { LIMITS } from './wire/contract.ts';
import { WaitingLeases } from './long-poll/waiting-leases.ts';
import { WaitingStats } from './long-poll/waiting-stats.ts';
import type { TaskStore } from './store/task-store.ts';
import type { Authorization } from './auth/authorization.ts';
import { registerBatch } from './routes/batch.ts';
import { registerBodyParsers } from './http/body-parsers.ts';
import { registerDiscovery } from './routes/discovery.ts';
import {
  clientErrorHandler,
  reasonOf,
  refuseOtherMethods,
  registerFaults,
  sendFault,
} from './http/fault-responses.ts';
import { Readiness, registerHealth } from './observability/health.ts';
import { QueueMetrics } from './observability/metrics.ts';
import { openApiDocument } from './routes/openapi.ts';
import { registerQueueRoutes } from './routes/queue-routes.ts';
import { registerRequestHooks, requestId } from './http/request-hooks.ts';
import type { QueueService } from './routes/queue-service.ts';
import { DEFAULT_SETTINGS, type QueueSettings } from './http/settings.ts';
import { TaskJson } from './routes/task-json.ts';
import { registerTaskRoutes } from './routes/task-routes.ts';
import { registerTaskUpload } from './routes/task-upload.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on `/readyz` answers 503, long polls end at once, and connections close after their answer. */
    startDraining: () => void;
  }
}

export interface QueueAppOptions {
  store: TaskStore;
  settings?: Partial<QueueSettings>;
  /** Absent: no tokens are asked for. */
  authorization?: Authorization | undefined;
  logger?: FastifyBaseLogger | undefined;
  version?: string;
  /** Whether X-Forwarded-* headers of a proxy are believed. */
  trustProxy?: boolean;
}

/** Room for a payload in base64 and for the rest of a task with every character escaped. */
const BODY_BYTES = Math.ceil(LIMITS.payloadBytes * 1.5) + 65_536;
const RECEIVE_MS = 30_000;
/** Longer than load balancers keep a connection that they reuse. */
const KEEP_ALIVE_MS = 75_000;

/**
 * The queue service as an HTTP application that does not listen yet. The store belongs to the caller, who closes it after
 * the application.
 */
export function createQueueApp(options: QueueAppOptions): FastifyInstance {
  const { store, authorization, logger, version = '0.0.0', trustProxy = false } = options;
  const settings: QueueSettings = { ...DEFAULT_SETTINGS, ...options.settings };
  const app = fastify({
    ...(logger ? { loggerInstance: logger } : { logger: false }),
    genReqId: requestId,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger of its own for each request would cost more than the line that it logs, which has the id anyway.
    childLoggerFactory: (parent) => parent,
    bodyLimit: BODY_BYTES,
    requestTimeout: RECEIVE_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => {
      void sendFault(reply, reasonOf(error.statusCode ?? 400), error.message);
    },
    clientErrorHandler,
    trustProxy,
    routerOptions: { maxParamLength: 4096 },
  });
  const service: QueueService = {
    store,
    settings,
    json: new TaskJson(settings.int64),
    leases: new WaitingLeases(store),
    stats: new WaitingStats(store),
    authorization,
  };
  const metrics = new QueueMetrics(store, () => service.leases.size + service.stats.size);
  const readiness = new Readiness(store);

  app.decorate('startDraining', () => {
    readiness.draining = true;
    service.leases.release();
    service.stats.release();
  });
  app.addHook('preClose', (done) => {
    app.startDraining();
    done();
  });
  registerFaults(app);
  registerBodyParsers(app);
  registerRequestHooks(app, service, metrics, readiness);

  registerQueueRoutes(app, service);
  registerTaskRoutes(app, service);
  registerTaskUpload(app, service);
  registerBatch(app);
  registerDiscovery(app, { int64: settings.int64, auth: authorization !== undefined });
  registerHealth(app, readiness);
  app.get('/metrics', { config: { quiet: true } }, async (_request, reply) => {
    void reply.type(metrics.registry.contentType);
    return metrics.scrape();
  });
  const openApi = openApiDocument({ int64: settings.int64, auth: authorization !== undefined, version });
  app.get('/openapi.json', () => openApi);
  for (const url of ['/metrics', '/openapi.json']) refuseOtherMethods(app, url, ['GET']);
  return app;
}
