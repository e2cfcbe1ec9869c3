import { expect, test } from '@jest/globals';
import { bytes, duration, table } from './format.ts';

test('columns are as wide as their widest cell', () => {
  expect(table(['ID', 'TAG'], [['longer', 'x']])).toBe('ID      TAG\nlonger  x');
});

test.each([
  [0, '0 s'],
  [59.6, '1 m 0 s'],
  [200, '3 m 20 s'],
  [7260, '2 h 1 m'],
  [-3, '0 s'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [3 * 1024 * 1024, '3.0 MiB'],
])('%d bytes are %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});
