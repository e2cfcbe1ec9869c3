import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Authorization } from './auth/authorization.ts';
import { registerBodyParsers } from './http/body-parsers.ts';
import { clientErrorHandler, reasonOf, registerFaults, sendFault } from './http/fault-responses.ts';
import { registerRequestHooks, requestId } from './http/request-hooks.ts';
import { DEFAULT_SETTINGS, type QueueSettings } from './http/settings.ts';
import { WaitingLeases } from './long-poll/waiting-leases.ts';
import { WaitingStats } from './long-poll/waiting-stats.ts';
import { QueueMetrics } from './observability/metrics.ts';
import { Readiness } from './observability/readiness.ts';
import { registerBatch } from './routes/batch.ts';
import { registerDiscovery } from './routes/discovery.ts';
import { MessageWriter } from './routes/message-writer.ts';
import { registerOpenApi } from './routes/openapi.ts';
import { registerProbes } from './routes/probes.ts';
import { registerTaskQueues } from './routes/task-queues.ts';
import { registerTasks } from './routes/tasks.ts';
import type { TaskStore } from './store/task-store.ts';
import { LIMITS } from './wire/contract.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on `/readyz` answers 503, long polls end at once, and connections close after their answer. */
    startDraining: () => void;
  }
}

export interface QueueAppOptions {
  store: TaskStore;
  settings?: Partial<QueueSettings>;
  /** Absent: no tokens are required. */
  authorization?: Authorization | undefined;
  logger?: FastifyBaseLogger | undefined;
  version?: string;
  /** Whether to trust the X-Forwarded-* headers of a proxy. */
  trustProxy?: boolean;
}

/** Room for a payload in base64 and for the rest of a task with every character escaped. */
const BODY_BYTES = Math.ceil(LIMITS.payloadBytes * 1.5) + 65_536;
const RECEIVE_MS = 30_000;
/** Longer than load balancers keep idle connections. */
const KEEP_ALIVE_MS = 75_000;

/**
 * The queue service as an HTTP application that does not listen yet. The caller owns the store and closes it after the
 * application.
 */
export function createQueueApp(options: QueueAppOptions): FastifyInstance {
  const { store, authorization, logger, version = '0.0.0', trustProxy = false } = options;
  const settings: QueueSettings = { ...DEFAULT_SETTINGS, ...options.settings };
  const app = fastify({
    ...(logger ? { loggerInstance: logger } : { logger: false }),
    genReqId: requestId,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request costs more than the line that it logs, which has the request's id anyway.
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
  const writer = new MessageWriter(settings.int64);
  const leases = new WaitingLeases(store);
  const stats = new WaitingStats(store);
  const metrics = new QueueMetrics(store, () => leases.size + stats.size);
  const readiness = new Readiness(store);

  app.decorate('startDraining', () => {
    readiness.draining = true;
    leases.release();
    stats.release();
  });
  app.addHook('preClose', (done) => {
    app.startDraining();
    done();
  });
  registerFaults(app);
  registerBodyParsers(app);
  registerRequestHooks(app, { settings, authorization, metrics, readiness });

  const description = { int64: settings.int64, auth: authorization !== undefined, version };
  registerTaskQueues(app, { settings, writer, stats, authorization });
  registerTasks(app, { store, settings, writer, leases });
  registerBatch(app);
  registerDiscovery(app, description);
  registerOpenApi(app, description);
  registerProbes(app, readiness, metrics);
  return app;
}
