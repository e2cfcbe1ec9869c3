import { afterEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createLivenessApp, type ObservedPool } from './app.ts';

const healthy: ObservedPool = {
  status: { idle: true, held: 0, queueReachable: true, daemons: [{ id: 0, state: 'idle' }] },
  liveness: [],
  readiness: [],
  restartDead: () => Promise.resolve([]),
  metrics: { registry: new Registry() },
};

describe('the liveness server', () => {
  const logger = pino({ level: 'silent' });
  let app: ReturnType<typeof createLivenessApp>;
  const open = (pool: Partial<ObservedPool> = {}) => {
    app = createLivenessApp({
      pool: { ...healthy, ...pool },
      name: 'renderfleet',
      version: '1.2.3',
      logger,
    });
    return (url: string) => app.inject(url);
  };
  afterEach(() => app.close());

  test.each(['/', '/version'])('returns name and version at %s', async (url) => {
    expect((await open()(url)).json()).toEqual({ name: 'renderfleet', version: '1.2.3' });
  });

  test.each(['/livez', '/readyz', '/_ah/health', '/metrics', '/status'])('answers %s', async (url) => {
    expect((await open()(url)).statusCode).toBe(200);
  });

  test.each([
    ['/livez', 503, { liveness: ['Daemon 0 has ended.'] }],
    ['/readyz', 503, { readiness: ['Daemon 0 has ended.'] }],
    ['/_ah/health', 500, { restartDead: () => Promise.resolve(['Daemon 0 has ended.']) }],
  ])('reports problems at %s', async (url, code, pool) => {
    const response = await open(pool)(url);
    expect(response.statusCode).toBe(code);
    expect(response.json()).toEqual({ status: 'error', reasons: ['Daemon 0 has ended.'] });
  });

  test('reveals nothing about internal errors', async () => {
    const response = await open({ restartDead: () => Promise.reject(new Error('secret')) })('/_ah/health');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret');
  });
});
