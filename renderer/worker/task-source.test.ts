import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { startQueueApp, type QueueApp } from '../../test/renderer/support/queue-app.ts';
import { until } from '../../test/renderer/support/until.ts';
import { Heartbeat } from './heartbeat.ts';
import { TaskDurations } from './prefetch.ts';
import { TaskSource } from './task-source.ts';

describe('the source of tasks', () => {
  let queue: QueueApp;
  let heartbeat: Heartbeat;
  let durations: TaskDurations;
  let source: TaskSource;
  const batches: number[] = [];

  beforeEach(async () => {
    queue = await startQueueApp();
    const logger = pino({ level: 'silent' });
    const { client, clock } = queue;
    batches.length = 0;
    heartbeat = new Heartbeat({ seconds: 1000, logger });
    durations = new TaskDurations(clock);
    source = new TaskSource({
      ...{ client, heartbeat, durations, clock, logger },
      ...{ daemons: 1, taskCount: 4, leaseSeconds: 1000, waitSeconds: 1, sleepSeconds: 0.05 },
      onBatch: (tasks) => batches.push(tasks),
    });
  });
  afterEach(async () => {
    await source.stop();
    heartbeat.close();
    await queue.close();
  });

  const add = async (count: number) => {
    for (let i = 0; i < count; i++)
      await queue.client.insert({ id: `task-${i}`, tag: 'task', payload: '{}' });
  };
  const available = async () =>
    (await queue.client.lease({ numTasks: 100, leaseSecs: 60, tag: 'task' })).map(({ id }) => id);
  const workQuickly = () => {
    const end = durations.begin();
    queue.advance(20);
    end();
  };

  test('leases only what it starts while no duration is known', async () => {
    await add(3);
    expect((await source.take())?.task.id).toBe('task-0');
    expect(batches).toEqual([1]);
    expect(await available()).toEqual(['task-1', 'task-2']);
  });

  test('waits for a task at the queue', async () => {
    const taken = source.take();
    await add(1);
    expect((await taken)?.task).toMatchObject({ id: 'task-0', retry_count: 1 });
  });

  test('prefetches quick tasks, a batch at most, while its daemons are busy', async () => {
    workQuickly();
    await add(9);
    await source.take();
    await until('some are prefetched', () => heartbeat.held === 5);
    expect(batches).toEqual([1, 4]);
    expect((await source.take())?.task.id).toBe('task-1');
    expect(await available()).toEqual(['task-5', 'task-6', 'task-7', 'task-8']);
  });

  test('releases prefetched tasks that have not started after a second', async () => {
    workQuickly();
    await add(3);
    await source.take();
    await until('some are prefetched', () => heartbeat.held === 3);
    queue.advance(1000);
    await until('they are released', () => heartbeat.held === 1);
    await until('others can have them', async () => (await available()).length === 2);
  });

  test('when stopped releases what has not started', async () => {
    workQuickly();
    await add(3);
    await source.take();
    await until('some are prefetched', () => heartbeat.held === 3);
    await source.stop();
    expect((await available()).sort()).toEqual(['task-1', 'task-2']);
    expect(await source.take()).toBeUndefined();
  });

  test('when stopped while waiting releases a task that arrives late', async () => {
    const taken = source.take();
    const stopping = source.stop();
    expect(await taken).toBeUndefined();
    await add(1);
    await stopping;
    expect(heartbeat.held).toBe(0);
    expect(await available()).toEqual(['task-0']);
  });

  test('knows when the queue is unreachable, and still stops', async () => {
    expect(source.reachable).toBe(true);
    await queue.disconnect();
    const taken = source.take();
    await until('it is noticed', () => !source.reachable);
    queue.advance(60_000);
    await source.stop();
    expect(await taken).toBeUndefined();
  });
});
