import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { startQueueApp, type QueueApp } from '../../test/renderer/support/queue-app.ts';
import { until } from '../../test/renderer/support/until.ts';
import { Daemon } from './daemon.ts';
import type { Ending } from './publish.ts';
import type { Compose } from '../compose/compose.ts';
import type { Printer } from '../print/document.ts';
import { Heartbeat } from './heartbeat.ts';
import { TaskDurations } from './prefetch.ts';
import { resultIdOf } from '../../queue/wire/render.ts';
import { TaskSource } from './task-source.ts';

const limits = { taskSeconds: 50, taskTimeMult: 1, taskRetryLimit: 2 };

describe('a daemon', () => {
  let queue: QueueApp;
  let source: TaskSource;
  let heartbeat: Heartbeat;
  let daemon: Daemon;
  const endings: Ending[] = [];
  const compose = jest.fn<Compose>();
  const print = jest.fn<Printer['print']>();
  const start = jest.fn<Printer['start']>();
  const close = jest.fn<Printer['close']>();

  beforeEach(async () => {
    queue = await startQueueApp();
    const { client, clock } = queue;
    const logger = pino({ level: 'silent' });
    const durations = new TaskDurations(clock);
    heartbeat = new Heartbeat({ seconds: 1000, logger });
    source = new TaskSource({
      ...{ client, heartbeat, durations, clock, logger },
      ...{ daemons: 1, taskCount: 4, leaseSeconds: 1000, waitSeconds: 1, sleepSeconds: 0.05 },
      onBatch: () => undefined,
    });
    endings.length = 0;
    for (const mock of [compose, print, start, close]) mock.mockReset();
    compose.mockRejectedValue(new Error('No art.'));
    start.mockResolvedValue();
    close.mockResolvedValue();
    daemon = new Daemon({
      id: 3,
      ...{ source, durations, clock, logger },
      printer: { print, start, close },
      compose,
      publishing: { client, heartbeat, storage: undefined, limits, maxQueueTaskSize: 10_000, logger },
      onEnding: (ending) => endings.push(ending),
    });
  });
  afterEach(async () => {
    await source.stop();
    daemon.drop('The test is over.');
    await daemon.finish();
    heartbeat.close();
    await queue.close();
  });

  test('answers a task that was attempted too often without another attempt', async () => {
    await queue.client.insert({ id: 'worn', tag: 'task', payload: '{}' });
    for (let time = 0; time < limits.taskRetryLimit; time++) {
      await queue.client.lease({ numTasks: 1, leaseSecs: 1, tag: 'task' });
      queue.advance(2000);
    }
    daemon.start();
    const result = await until('it is answered', () =>
      queue.client.get(resultIdOf('worn')).catch(() => undefined),
    );
    const { error } = JSON.parse(Buffer.from(result.payloadBase64, 'base64').toString()) as { error: string };
    expect(error).toBe('The task did not complete in 2 attempts.');
    await until('it is done', () => endings.length === 1);
    expect(endings).toEqual(['failure']);
  });

  test('continues after a task that fails', async () => {
    await queue.client.insert({ id: 'unlucky', tag: 'task', payload: '{}' });
    daemon.start();
    await until('it has failed for good', () => endings.includes('failure'));
    expect(endings).toEqual(['retry', 'failure']);
    await until('it waits for more', () => daemon.status.state === 'idle');
    expect(daemon.dead).toBeUndefined();
  });

  test('whose printer does not start takes no task, reports why, and is dead after two minutes', async () => {
    start.mockRejectedValue(new Error('No browser.'));
    await queue.client.insert({ id: 'a', tag: 'task', payload: '{}' });
    daemon.start();
    await until('it is tried again', () => start.mock.calls.length > 1);
    expect(daemon.status).toEqual({ id: 3, state: 'starting', fault: 'No browser.' });
    expect(daemon.dead).toBeUndefined();
    queue.advance(121_000);
    expect(daemon.dead).toContain('Daemon 3 has been starting for too long. No browser.');
    await expect(daemon.restart()).rejects.toThrow('No browser.');
    expect((await queue.client.get('a')).retry_count).toBe(0);
    start.mockResolvedValue();
    await daemon.restart();
    await until('it works', () => endings.length > 0);
    expect(daemon.dead).toBeUndefined();
  });

  test('that was dropped while its browser started takes no task', async () => {
    const browser = Promise.withResolvers<undefined>();
    start.mockReturnValue(browser.promise);
    await queue.client.insert({ id: 'a', tag: 'task', payload: '{}' });
    daemon.start();
    await until('the browser is starting', () => start.mock.calls.length === 1);
    daemon.drop('The daemon is restarting.');
    browser.resolve(undefined);
    await daemon.finish();
    expect((await queue.client.get('a')).retry_count).toBe(0);
  });

  test('that is told to drop its task releases it and ends', async () => {
    compose.mockReturnValue(Promise.withResolvers<never>().promise);
    await queue.client.insert({ id: 'a', tag: 'task', payload: '{}' });
    daemon.start();
    await until('it has started', () => daemon.status.task === 'a');
    daemon.drop('The grace period is over.');
    await until('it is released', () => endings.length === 1);
    expect(endings).toEqual(['stopped']);
    await source.stop();
    await daemon.finish();
    expect(daemon.status.state).toBe('ended');
    expect((await queue.leased('b')).task).toMatchObject({ id: 'a' });
  });
});
