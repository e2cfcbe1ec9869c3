import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { OperatorMetrics } from '../metrics.ts';
import { createOperatorApp } from './app.ts';

const operator = {
  liveness: [] as string[],
  readiness: [] as string[],
  metrics: new OperatorMetrics(),
};
let app: FastifyInstance;
beforeEach(() => {
  app = createOperatorApp(operator, pino({ level: 'silent' }));
});
afterEach(async () => {
  await app.close();
});

test('is alive unless a watch is stuck, and ready once all collections have been listed', async () => {
  operator.liveness = ['the watch of /api/v1/services is stuck'];
  operator.readiness = [];
  expect(await app.inject('/livez')).toMatchObject({ statusCode: 503 });
  expect((await app.inject('/livez')).json()).toEqual({
    status: 'error',
    reasons: operator.liveness,
  });
  expect(await app.inject('/readyz')).toMatchObject({ statusCode: 200 });
  operator.liveness = [];
  operator.readiness = ['/api/v1/services has not been listed yet'];
  expect(await app.inject('/livez')).toMatchObject({ statusCode: 200 });
  expect(await app.inject('/readyz')).toMatchObject({ statusCode: 503 });
});

test('exposes the metrics that dashboards expect, and those of a pool while it exists', async () => {
  const { metrics } = operator;
  metrics.onRequest('PATCH', 200);
  metrics.onReconciled('success', 0.01);
  metrics.onLeading('operator', true);
  const figures = {
    backlog: 7,
    oldestTaskSeconds: 3,
    replicas: 2,
    readyReplicas: 1,
    desiredReplicas: 2,
    ready: false,
  };
  metrics.showPool('team', 'docs', figures);
  const shown = (await app.inject('/metrics')).body;
  for (const line of [
    'rest_client_requests_total{method="PATCH",code="200"} 1',
    'controller_runtime_reconcile_total{controller="renderpool",result="success"} 1',
    'controller_runtime_reconcile_time_seconds_count{controller="renderpool"} 1',
    'leader_election_master_status{name="operator"} 1',
    'workqueue_depth{name="renderpool"} 0',
    'workqueue_adds_total{name="renderpool"} 0',
    'renderfleet_pool_backlog{namespace="team",pool="docs"} 7',
    'renderfleet_pool_ready{namespace="team",pool="docs"} 0',
  ]) {
    expect(shown).toContain(line);
  }
  expect(shown).toContain('# TYPE workqueue_queue_duration_seconds histogram');
  metrics.showPool('team', 'docs', undefined);
  expect((await app.inject('/metrics')).body).not.toContain('pool="docs"');
});
