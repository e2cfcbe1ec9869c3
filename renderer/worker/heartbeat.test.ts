import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { startQueueApp, type QueueApp } from '../../test/renderer/support/queue-app.ts';
import { until } from '../../test/renderer/support/until.ts';
import { LeaseKeeper } from './heartbeat.ts';

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

describe('the keeper of leases', () => {
  let queue: QueueApp;
  let keeper: LeaseKeeper;
  const log: string[] = [];
  const tick = (milliseconds: number) => {
    queue.advance(milliseconds);
    jest.advanceTimersByTime(milliseconds);
  };

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: REAL });
    queue = await startQueueApp();
    log.length = 0;
    keeper = new LeaseKeeper({
      seconds: 60,
      logger: pino({ level: 'warn' }, { write: (line: string) => log.push(line) }),
    });
  });
  afterEach(async () => {
    keeper.close();
    jest.useRealTimers();
    await queue.close();
  });

  test('renews what it holds once half of the time is over, and nothing that was released', async () => {
    const [kept, released] = [await queue.leased('kept'), await queue.leased('released')];
    keeper.keep(kept);
    keeper.keep(released);
    expect(keeper.held).toBe(2);
    keeper.release(released);
    tick(20_000);
    expect(kept.renewing).toBe(false);
    tick(10_000);
    expect(kept.renewing).toBe(true);
    await until('it is renewed', () => kept.age === 0);
    expect(released.age).toBe(30_000);
    expect(keeper.held).toBe(1);
  });

  test('tries again when the queue is out of reach, and says so', async () => {
    const lease = await queue.leased('a');
    keeper.keep(lease);
    await queue.disconnect();
    for (const time of [1, 2]) {
      tick(time === 1 ? 30_000 : 10_000);
      await until('it has failed', () => log.length === time && !lease.renewing);
    }
    expect(log.join()).toContain('a lease could not be renewed yet');
    tick(20_000);
    await until('it is lost', () => lease.lost.aborted);
    tick(10_000);
    expect(lease.renewing).toBe(false);
  });
});
