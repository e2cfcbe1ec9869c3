import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { LogOutput } from './log-output.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('lines are written together: after half a second, when there are many, and at the end', () => {
  const written: string[] = [];
  const output = new LogOutput({ write: (text) => written.push(text) });
  output.write('a\n');
  output.write('b\n');
  expect(written).toEqual([]);
  jest.advanceTimersByTime(500);
  expect(written).toEqual(['a\nb\n']);
  output.write('x'.repeat(40_000));
  expect(written).toHaveLength(2);
  output.write('c\n');
  output.close();
  expect(written.at(-1)).toBe('c\n');
  jest.advanceTimersByTime(5000);
  expect(written).toHaveLength(3);
});
