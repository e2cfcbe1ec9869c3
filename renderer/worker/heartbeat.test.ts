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
  const log: string[] = [];
  const tick = (milliseconds: number) => {
    queue.advance(milliseconds);
    jest.advanceTimersByTime(milliseconds);
  };

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: REAL });
    queue = await startQueueApp();
    log.length = 0;
    heartbeat = new Heartbeat({
      seconds: 60,
      random: () => 0,
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
