import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { QueueClient } from '../../queue/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { QueueProcess } from '../harness/queue-service.ts';
import { RedisProcess } from '../harness/redis/redis.ts';

describeWith(['redis-server'], 'while Redis is down and after it returns', () => {
  let redis: RedisProcess;
  let service: QueueProcess;
  let client: QueueClient;
  beforeAll(async () => {
    redis = await RedisProcess.start();
    const environment = {
      REDIS_HOST: redis.host,
      REDIS_PORT: String(redis.port),
      REDIS_COMMAND_TIMEOUT_MS: '1000',
    };
    service = await QueueProcess.start(environment);
    client = new QueueClient({ rootUrl: service.rootUrl, project: 'p', queue: 'q' });
    await untilReady();
  }, 60_000);
  afterAll(async () => {
    await client.close();
    await service.remove();
    await redis.stop();
  });

  const ready = () => fetch(`${service.rootUrl}/readyz`);
  const untilReady = () =>
    eventually(async () => {
      expect((await ready()).status).toBe(200);
    });
  const unavailable = { name: 'QueueError', code: 503 };

  test('a killed Redis: 503 at once, the reason on /readyz, and full recovery after its restart', async () => {
    await client.insert({ id: 'before', payload: 'x' });
    const waiting = client.lease({ numTasks: 1, leaseSecs: 60, tag: 'other', waitSecs: 30 });
    const ended = expect(waiting).rejects.toMatchObject(unavailable);
    await redis.kill();
    await eventually(() => expect(client.stats()).rejects.toMatchObject(unavailable));
    const begin = performance.now();
    const calls = Array.from({ length: 200 }, (_, n) => client.insert({ id: `during-${n}`, payload: 'x' }));
    for (const call of calls) await expect(call).rejects.toMatchObject(unavailable);
    expect(performance.now() - begin).toBeLessThan(10_000);
    await ended;
    await eventually(async () => {
      expect(await (await ready()).json()).toMatchObject({
        error: { code: 503, message: expect.stringMatching(/storage/) },
      });
    });

    await redis.startAgain();
    await untilReady();
    expect((await client.list()).map(({ id }) => id)).toEqual(['before']);
    const poll = client.lease({ numTasks: 1, leaseSecs: 60, tag: 'late', waitSecs: 20 });
    await client.insert({ id: 'after', payload: 'x', tag: 'late' });
    expect(await poll).toMatchObject([{ id: 'after' }]);
  }, 120_000);

  test('a hanging Redis: calls end within their time limit and work again afterwards', async () => {
    redis.pause();
    const begin = performance.now();
    await expect(client.insert({ payload: 'x' })).rejects.toMatchObject(unavailable);
    expect(performance.now() - begin).toBeLessThan(8000);
    redis.resume();
    await untilReady();
    await expect(client.insert({ payload: 'x' })).resolves.toBeDefined();
  }, 120_000);

  test('a Redis that may evict tasks makes the service not ready', async () => {
    const evicting = await RedisProcess.start(['--maxmemory-policy', 'allkeys-lru']);
    const other = await QueueProcess.start({ REDIS_URL: `redis://127.0.0.1:${evicting.port}` });
    await eventually(async () => {
      expect(await (await fetch(`${other.rootUrl}/readyz`)).text()).toMatch(/allkeys-lru/);
    });
    await other.remove();
    await evicting.stop();
  }, 60_000);
});
