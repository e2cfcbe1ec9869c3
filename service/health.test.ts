import { afterEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { Counter, Registry } from 'prom-client';
import { addReportingRoutes, createReportingApp } from './health.ts';

const registry = new Registry();
new Counter({ name: 'documents_total', help: 'Documents.', registers: [registry] }).inc();
const reported = { liveness: [] as string[], readiness: [] as string[], metrics: { registry } };
const app = createReportingApp(pino({ level: 'silent' }));
addReportingRoutes(app, reported);

afterEach(() => {
  reported.liveness = [];
  reported.readiness = [];
});

test.each([
  ['/livez', 'liveness'],
  ['/readyz', 'readiness'],
] as const)('%s says why the process is unhealthy', async (url, aspect) => {
  const healthy = await app.inject({ url });
  expect([healthy.statusCode, healthy.json()]).toEqual([200, { status: 'ok', reasons: [] }]);
  reported[aspect] = ['A daemon is stuck.'];
  const unhealthy = await app.inject({ url });
  expect([unhealthy.statusCode, unhealthy.json()]).toEqual([
    503,
    { status: 'error', reasons: ['A daemon is stuck.'] },
  ]);
});

test('/metrics has the metrics in the text format of Prometheus', async () => {
  const { headers, body } = await app.inject({ url: '/metrics' });
  expect(headers['content-type']).toBe(registry.contentType);
  expect(body).toContain('documents_total 1');
});
