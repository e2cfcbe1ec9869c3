import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { QueueClient } from '../../queue/client.ts';
import type { Task } from '../../queue/wire/contract.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { QueueProcess } from '../harness/queue-service.ts';
import { openTestRedis, type TestRedis } from '../harness/redis/redis.ts';

const CLIENTS = 64;
const TASKS = 3000;

describeWith(['redis'], '64 clients of two replicas that share one Redis', () => {
  let redis: TestRedis;
  let replicas: [QueueProcess, QueueProcess];
  let clients: QueueClient[] = [];
  beforeAll(async () => {
    redis = await openTestRedis();
    const environment = { REDIS_HOST: redis.host, REDIS_PORT: String(redis.port), LOG_LEVEL: 'error' };
    replicas = await Promise.all([QueueProcess.start(environment), QueueProcess.start(environment)]);
    const queue = `many-${Date.now()}`;
    clients = Array.from({ length: CLIENTS }, (_, n) => {
      const { rootUrl } = replicas[n % 2 === 0 ? 0 : 1];
      return new QueueClient({ rootUrl, project: 'p', queue, connections: 1, timeoutMs: 30_000 });
    });
    for (const { rootUrl } of replicas)
      await eventually(async () => {
        expect((await fetch(`${rootUrl}/readyz`)).status).toBe(200);
      });
    const names = Array.from({ length: TASKS }, (_, n) => `t${n}`).values();
    await each(async (client) => {
      for (const id of names) await client.insert({ id, payload: id, tag: 'x' });
    });
  }, 120_000);
  afterAll(async () => {
    await each((client) => client.close());
    for (const replica of replicas) await replica.remove();
    await redis.stop();
  }, 60_000);

  const each = <T>(work: (client: QueueClient, n: number) => Promise<T>) => Promise.all(clients.map(work));

  /** Every client leases until nothing is left, some by tag and some any task, in batches of different sizes. */
  const leaseAll = async (leaseSecs: number): Promise<Task[][]> =>
    each(async (client, n) => {
      const held: Task[] = [];
      for (;;) {
        const tasks = await client.lease({
          numTasks: 1 + (n % 20),
          leaseSecs,
          ...(n % 3 === 0 && { tag: 'x' }),
        });
        if (tasks.length === 0) return held;
        held.push(...tasks);
      }
    });

  const expectEachOnce = (held: Task[], retries: number) => {
    expect(held).toHaveLength(TASKS);
    expect(new Set(held.map(({ id }) => id)).size).toBe(TASKS);
    expect(new Set(held.map(({ leaseTimestamp }) => leaseTimestamp)).size).toBe(TASKS);
    expect(held.filter(({ retry_count }) => retry_count !== retries)).toEqual([]);
  };

  test('never hold a task twice; expired tasks are leased again, once each, and only the newest holder may act', async () => {
    const first = await leaseAll(600);
    expectEachOnce(first.flat(), 1);

    const renewed = await each(async (client, n) => {
      const mine = first[n] ?? [];
      for (const task of mine) await client.renew(task, 1);
      return mine;
    });
    const again: Task[] = [];
    await eventually(
      async () => {
        again.push(...(await leaseAll(600)).flat());
        expect(again.length).toBeGreaterThanOrEqual(TASKS);
      },
      { timeoutMs: 60_000 },
    );
    expectEachOnce(again, 2);

    const stale = renewed.flatMap((mine) => mine.slice(0, 1)).values();
    const work = again.values();
    await each(async (client) => {
      for (const task of stale) await expect(client.delete(task)).rejects.toMatchObject({ code: 412 });
      for (const task of work) await client.delete(task);
    });
    expect((await leaseAll(0)).flat()).toEqual([]);
  }, 240_000);
});
