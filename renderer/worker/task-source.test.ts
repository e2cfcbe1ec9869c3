import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { startQueueApp, type QueueApp } from '../../test/renderer/support/queue-app.ts';
import { until } from '../../test/renderer/support/until.ts';
import { LeaseKeeper } from './heartbeat.ts';
import { Pace } from './prefetch.ts';
import { TaskSource } from './task-source.ts';

describe('the source of tasks', () => {
  let queue: QueueApp;
  let keeper: LeaseKeeper;
  let pace: Pace;
  let source: TaskSource;
  const batches: number[] = [];

  beforeEach(async () => {
    queue = await startQueueApp();
    const logger = pino({ level: 'silent' });
    const { client, clock } = queue;
    batches.length = 0;
    keeper = new LeaseKeeper({ seconds: 1000, logger });
    pace = new Pace(clock);
    source = new TaskSource({
      ...{ client, keeper, pace, clock, logger },
      ...{ daemons: 1, taskCount: 4, leaseSeconds: 1000, waitSeconds: 1, sleepSeconds: 0.05 },
      onBatch: (tasks) => batches.push(tasks),
    });
  });
  afterEach(async () => {
    await source.stop();
    keeper.close();
    await queue.close();
  });

  const add = async (count: number) => {
    for (let i = 0; i < count; i++)
      await queue.client.insert({ id: `task-${i}`, tag: 'task', payload: '{}' });
  };
  const available = async () =>
    (await queue.client.lease({ numTasks: 100, leaseSecs: 60, tag: 'task' })).map(({ id }) => id);
  const workQuickly = () => {
    const end = pace.begin();
    queue.advance(20);
    end();
  };

  test('takes no more than is begun while nothing is known of how long tasks take', async () => {
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

  test('has quick tasks ready ahead, a batch at most, while its daemons are busy', async () => {
    workQuickly();
    await add(9);
    await source.take();
    await until('some lie ready', () => keeper.held === 5);
    expect(batches).toEqual([1, 4]);
    expect((await source.take())?.task.id).toBe('task-1');
    expect(await available()).toEqual(['task-5', 'task-6', 'task-7', 'task-8']);
  });

  test('gives back what has lain unstarted for a second', async () => {
    workQuickly();
    await add(3);
    await source.take();
    await until('some lie ready', () => keeper.held === 3);
    queue.advance(1000);
    await until('they are given back', () => keeper.held === 1);
    await until('others can have them', async () => (await available()).length === 2);
  });

  test('when stopped gives back what is not begun, and a task that comes after all', async () => {
    workQuickly();
    await add(3);
    await source.take();
    await until('some lie ready', () => keeper.held === 3);
    await source.stop();
    expect((await available()).sort()).toEqual(['task-1', 'task-2']);
    expect(await source.take()).toBeUndefined();
  });

  test('when stopped while waiting gives a late task back', async () => {
    const taken = source.take();
    const stopping = source.stop();
    expect(await taken).toBeUndefined();
    await add(1);
    await stopping;
    expect(keeper.held).toBe(0);
    expect(await available()).toEqual(['task-0']);
  });

  test('says when the queue is out of reach, and ends all the same', async () => {
    expect(source.reachable).toBe(true);
    await queue.disconnect();
    const taken = source.take();
    await until('it is noticed', () => !source.reachable);
    queue.advance(60_000);
    await source.stop();
    expect(await taken).toBeUndefined();
  });
});
