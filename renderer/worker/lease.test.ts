import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startQueueApp, type QueueApp } from '../../test/renderer/support/queue-app.ts';
import { Lease } from './lease.ts';

const ORDER = { numTasks: 10, leaseSecs: 60, tag: 'task' };

describe('a lease', () => {
  let queue: QueueApp;
  beforeEach(async () => {
    queue = await startQueueApp();
  });
  afterEach(() => queue.close());
  const available = async () => (await queue.client.lease(ORDER)).map(({ id }) => id);

  test('that is renewed lasts its full length from then on', async () => {
    const lease = await queue.leased('a', 60);
    queue.advance(50_000);
    expect(lease.age).toBe(50_000);
    await lease.renew();
    expect(lease.age).toBe(0);
    queue.advance(50_000);
    expect(await available()).toEqual([]);
    queue.advance(11_000);
    expect(await available()).toEqual(['a']);
  });

  test('of a task that somebody else has leased since is lost, and leaves that lease alone', async () => {
    const lease = await queue.leased('a', 60);
    queue.advance(61_000);
    expect(await available()).toEqual(['a']);
    await lease.renew();
    expect(lease.lost.aborted).toBe(true);
    expect(await lease.finish()).toBe(false);
    expect(await lease.release()).toBe(false);
    expect(await available()).toEqual([]);
    expect((await queue.client.get('a')).retry_count).toBe(2);
  });

  test('of a task that was deleted is lost', async () => {
    const lease = await queue.leased('a');
    await queue.client.delete('a');
    await lease.renew();
    expect(lease.lost.aborted).toBe(true);
  });

  test('is not lost when the queue refuses a call for another reason, which is thrown', async () => {
    const { misdirectedClient: client, clock } = queue;
    const { task } = await queue.leased('a');
    const lease = new Lease(task, { client, seconds: 60, askedAt: clock(), clock });
    const refusal = { code: 400, reason: 'invalidQueueName' };
    await expect(lease.renew()).rejects.toMatchObject(refusal);
    await expect(lease.finish()).rejects.toMatchObject(refusal);
    await expect(lease.release()).rejects.toMatchObject(refusal);
    expect(lease.lost.aborted).toBe(false);
    expect(await queue.client.get('a')).toMatchObject({ retry_count: 1 });
  });

  test('that cannot be renewed is lost only when it expires', async () => {
    const lease = await queue.leased('a', 60);
    await queue.disconnect();
    queue.advance(59_000);
    await expect(lease.renew()).rejects.toThrow();
    expect(lease.lost.aborted).toBe(false);
    queue.advance(1000);
    await lease.renew();
    expect(lease.lost.aborted).toBe(true);
  });

  test('that is released makes its task available at once', async () => {
    const lease = await queue.leased('a');
    expect(await lease.release()).toBe(true);
    expect(await available()).toEqual(['a']);
  });

  test('that is finished deletes its task, even while a renewal is in progress', async () => {
    const lease = await queue.leased('a');
    const renewal = lease.renew();
    expect(lease.renewing).toBe(true);
    expect(await lease.finish()).toBe(true);
    await renewal;
    await expect(queue.client.get('a')).rejects.toThrow('does not exist');
    await lease.renew();
    expect(lease.lost.aborted).toBe(false);
  });
});
