import { expect, test } from '@jest/globals';
import { taskSchema } from './contract.ts';

test('64-bit integers may be JSON numbers or strings', () => {
  const task = { kind: 'taskqueues#task', id: 'a', queueName: 'q', payloadBase64: '', retry_count: 1 };
  const numbers = { ...task, enqueueTimestamp: 1_700_000_000_000_001, leaseTimestamp: 0 };
  const strings = { ...task, enqueueTimestamp: '1700000000000001', leaseTimestamp: '0' };
  expect(taskSchema.parse(strings)).toEqual(taskSchema.parse(numbers));
});
