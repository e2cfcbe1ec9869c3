import { expect, test } from '@jest/globals';
import { taskQueueSchema, tasksSchema, type Int64Form } from '../wire/contract.ts';
import { MessageWriter } from './message-writer.ts';

const TIMES = { enqueued: 1_700_000_000_000_001, leased: 0, retries: 1 };
const STATS = {
  total: 2,
  available: 1,
  oldest: 1_700_000_000_000_001,
  leasedLastMinute: 3,
  leasedLastHour: 4,
};

test.each<Int64Form>(['number', 'string'])('messages match their schemas, with 64 bits as a %s', (int64) => {
  const writer = new MessageWriter(int64);
  const untagged = { id: 'b_-', payload: Buffer.from('b'), ...TIMES };
  const tasks = JSON.parse(
    writer.tasks('q', [{ ...untagged, id: 'a', tag: 'größer "&" \u2028' }, untagged]),
  ) as { items: { enqueueTimestamp: unknown }[] };
  expect(tasksSchema.strict().parse(tasks)).toEqual({
    kind: 'taskqueue#tasks',
    items: [
      expect.objectContaining({ id: 'a', queueName: 'q', payloadBase64: 'Yg==', tag: 'größer "&" \u2028' }),
      {
        ...{ kind: 'taskqueues#task', id: 'b_-', queueName: 'q', payloadBase64: 'Yg==', retry_count: 1 },
        ...{ enqueueTimestamp: TIMES.enqueued, leaseTimestamp: 0 },
      },
    ],
  });
  expect(typeof tasks.items[0]?.enqueueTimestamp).toBe(int64);
  const acl = { consumerEmails: ['c'], producerEmails: [], adminEmails: [] };
  const queue: unknown = JSON.parse(writer.taskQueue({ project: 'p', queue: 'q' }, acl, STATS, true));
  expect(taskQueueSchema.strict().parse(queue)).toEqual({
    ...{ kind: 'taskqueues#taskqueue', id: 'projects/p/taskqueues/q', maxLeases: 1000, acl },
    stats: {
      ...{ totalTasks: 2, oldestTask: 1_700_000_000, leasedLastMinute: 3, leasedLastHour: 4 },
      ...{ availableTasks: 1, leasedTasks: 1 },
    },
  });
});
