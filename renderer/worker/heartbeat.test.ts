import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { startQueueApp, type QueueApp } from '../../test/renderer/support/queue-app.ts';
import { until } from '../../test/renderer/support/until.ts';
import { Heartbeat } from './heartbeat.ts';

/** Only intervals are faked: calls to the queue take real time. */
const REAL = [
  ...([
    'nextTick',
    'setImmediate',
    'clearImmediate',
    'setTimeout',
    'clearTimeout',
    'queueMicrotask',
  ] as const),
  ...(['Date', 'performance', 'hrtime'] as const),
];

describe('the heartbeat', () => {
  let queue: QueueApp;
  let heartbeat: Heartbeat;
  let jitter: number;
  const log: string[] = [];
  const tick = (milliseconds: number) => {
    queue.advance(milliseconds);
    jest.advanceTimersByTime(milliseconds);
  };

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: REAL });
    queue = await startQueueApp();
    [log.length, jitter] = [0, 0];
    heartbeat = new Heartbeat({
      seconds: 60,
      random: () => jitter,
      logger: pino({ level: 'warn' }, { write: (line: string) => log.push(line) }),
    });
  });
  afterEach(async () => {
    heartbeat.close();
    jest.useRealTimers();
    await queue.close();
  });

  test('renews leases after half of their length, unless they were removed', async () => {
    const [kept, released] = [await queue.leased('kept'), await queue.leased('released')];
    heartbeat.add(kept);
    heartbeat.add(released);
    expect(heartbeat.held).toBe(2);
    heartbeat.remove(released);
    tick(20_000);
    expect(kept.renewing).toBe(false);
    tick(10_000);
    expect(kept.renewing).toBe(true);
    await until('it is renewed', () => kept.age === 0);
    expect(released.age).toBe(30_000);
    expect(heartbeat.held).toBe(1);
  });

  test('spreads renewals over a tenth of the length', async () => {
    const lease = await queue.leased('a');
    jitter = 1;
    heartbeat.add(lease);
    tick(33_000);
    expect(lease.renewing).toBe(false);
    tick(3_000);
    expect(lease.renewing).toBe(true);
    await until('it is renewed', () => lease.age === 0);
  });

  test('keeps a task for as long as it takes, with two renewals in each length and no new attempt', async () => {
    const renew = jest.spyOn(queue.client, 'renew');
    const lease = await queue.leased('a');
    heartbeat.add(lease);
    for (let time = 0; time < 300_000; time += 3_000) {
      tick(3_000);
      await until('the renewal is over', () => !lease.renewing);
    }
    expect(renew).toHaveBeenCalledTimes(10);
    expect(lease.lost.aborted).toBe(false);
    expect(await queue.client.lease({ numTasks: 1, leaseSecs: 60 })).toEqual([]);
    expect((await queue.client.get('a')).retry_count).toBe(1);
  });

  test('finds a lease lost that expired while the process was blocked', async () => {
    const lease = await queue.leased('a');
    heartbeat.add(lease);
    queue.advance(70_000);
    jest.advanceTimersByTime(3_000);
    await until('it is lost', () => lease.lost.aborted);
    expect(lease.lost.reason).toMatchObject({ reason: 'leaseExpired' });
  });

  test('tries again while the queue is unreachable, and logs it', async () => {
    const lease = await queue.leased('a');
    heartbeat.add(lease);
    await queue.disconnect();
    for (const time of [1, 2]) {
      tick(time === 1 ? 30_000 : 10_000);
      await until('it has failed', () => log.length === time && !lease.renewing);
    }
    expect(log.join()).toContain('renewing a lease failed, trying again');
    tick(20_000);
    await until('it is lost', () => lease.lost.aborted);
    tick(10_000);
    expect(lease.renewing).toBe(false);
  });
});
