import { expect, test } from '@jest/globals';
import { readConfig } from '../../queue/config.ts';
import { describeWith } from '../harness/describe-with.ts';
import { containerOf, find, objects } from './chart.ts';

/** The configuration of the chart's queue pod; every value from a Secret is the name of its key. */
async function configOf(set: Record<string, unknown>) {
  const { env } = containerOf(find(await objects({ set }), 'Deployment', 'queue'));
  const pairs = env.map(({ name, value, valueFrom }) => {
    const { secretKeyRef } = (valueFrom ?? {}) as { secretKeyRef?: { key: string } };
    return [name, value ?? secretKeyRef?.key];
  });
  return readConfig(Object.fromEntries(pairs) as Record<string, string>);
}

const external = { 'redis.enabled': false, 'externalRedis.existingSecret': 'credentials' };

describeWith(['helm'], "the chart's configuration of the queue", () => {
  test('by default: the Redis of the chart, with its password', async () => {
    expect(await configOf({})).toMatchObject({
      port: 8080,
      redis: {
        address: { host: 'fleet-renderfleet-redis', port: 6379 },
        password: 'redis-password',
        tls: undefined,
      },
      shutdownDelaySeconds: 5,
    });
  });

  test('an external Redis with user, password, database and TLS', async () => {
    const { redis } = await configOf({
      ...external,
      'externalRedis.host': 'redis.example.org',
      'externalRedis.port': 6380,
      'externalRedis.database': 2,
      'externalRedis.tls.enabled': true,
    });
    expect(redis).toMatchObject({
      address: { host: 'redis.example.org', port: 6380 },
      username: 'username',
      password: 'password',
      database: 2,
      tls: {},
    });
  });

  test('Sentinels', async () => {
    const { redis } = await configOf({
      ...external,
      'externalRedis.mode': 'sentinel',
      'externalRedis.nodes': ['s-0:26379', 's-1:26379'],
      'externalRedis.masterName': 'tasks',
      'externalRedis.sentinelPasswordKey': 'sentinel',
    });
    expect(redis?.sentinels).toEqual({
      nodes: [
        { host: 's-0', port: 26379 },
        { host: 's-1', port: 26379 },
      ],
      name: 'tasks',
      password: 'sentinel',
    });
  });

  test('a Redis Cluster', async () => {
    const { redis } = await configOf({
      ...external,
      'externalRedis.mode': 'cluster',
      'externalRedis.nodes': ['c-0:6379', 'c-1:6379'],
    });
    expect(redis?.cluster).toEqual([
      { host: 'c-0', port: 6379 },
      { host: 'c-1', port: 6379 },
    ]);
  });

  test('queues, attempts, reserved names, and the format of integers', async () => {
    const { settings } = await configOf({
      'queue.names': ['render', 'helm-test'],
      'queue.maxAttempts': { render: 7, '*': 9 },
      'queue.tombstoneSeconds': 60,
      'queue.int64': 'string',
    });
    expect(settings).toEqual({
      queues: ['render', 'helm-test'],
      maxAttempts: new Map([
        ['render', 7],
        ['*', 9],
      ]),
      tombstoneSeconds: 60,
      int64: 'string',
    });
  });
});
