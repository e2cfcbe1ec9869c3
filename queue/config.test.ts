import { expect, test } from '@jest/globals';
import { readConfig } from './config.ts';

test('an invalid configuration names every invalid variable', () => {
  const wrong = { PORT: 'x', QUEUE_INT64: 'float', REDIS_PORT: '0', QUEUES: 'a b', QUEUE_MAX_ATTEMPTS: 'q' };
  const read = () => readConfig(wrong);
  for (const name of Object.keys(wrong)) expect(read).toThrow(new RegExp(`\\b${name}\\b`));
});

test('SQLite is the default, Redis is taken when it is named', () => {
  expect(readConfig({ REDIS_HOST: '' })).toMatchObject({
    redis: undefined,
    dataDirectory: './data',
    port: 8080,
  });
  expect(readConfig({ REDIS_HOST: 'r', REDIS_PORT: 'tcp://10.0.0.1:6380' }).redis?.address).toEqual({
    host: 'r',
    port: 6380,
  });
  expect(readConfig({ REDIS_URL: 'rediss://u:p%40@r:1/2' }).redis).toMatchObject({
    address: { host: 'r', port: 1 },
    username: 'u',
    password: 'p@',
    database: 2,
    tls: {},
  });
  expect(readConfig({ REDIS_SENTINELS: 'a,b:1', REDIS_SENTINEL_NAME: 'm' }).redis?.sentinels).toMatchObject({
    nodes: [
      { host: 'a', port: 26_379 },
      { host: 'b', port: 1 },
    ],
    name: 'm',
  });
  expect(readConfig({ REDIS_CLUSTER_NODES: '[::1]:7000' }).redis?.cluster).toEqual([
    { host: '::1', port: 7000 },
  ]);
});

test('Sentinels use TLS as the servers do, unless told otherwise', () => {
  const sentinels = (environment: object) =>
    readConfig({ REDIS_SENTINELS: 's', ...environment }).redis?.sentinels;
  expect(sentinels({})?.tls).toBeUndefined();
  expect(sentinels({ REDIS_TLS: 'true' })?.tls).toEqual({});
  expect(sentinels({ REDIS_TLS: 'true', REDIS_SENTINEL_TLS: 'false' })?.tls).toBeUndefined();
  expect(sentinels({ REDIS_SENTINEL_TLS: 'true' })?.tls).toEqual({});
});

test('a Redis URL whose database is not a number is refused', () => {
  expect(() => readConfig({ REDIS_URL: 'redis://r/x' })).toThrow(/REDIS_URL/);
  expect(() => readConfig({ REDIS_URL: 'http://r' })).toThrow(/REDIS_URL/);
  expect(readConfig({ REDIS_URL: 'redis://r:1/' }).redis?.database).toBe(0);
});

test('queues and bounds of attempts are read as lists', () => {
  const { settings } = readConfig({ QUEUES: 'q, p/r, test_queue', QUEUE_MAX_ATTEMPTS: 'q=3, *=9' });
  expect(settings.queues).toEqual(['q', 'p/r', 'test_queue']);
  expect(settings.maxAttempts).toEqual(
    new Map([
      ['q', 3],
      ['*', 9],
    ]),
  );
});
