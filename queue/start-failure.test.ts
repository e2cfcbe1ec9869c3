import { expect, test } from '@jest/globals';
import { startFailure } from './start-failure.ts';

test('a taken port is named, with the variable that sets it', () => {
  const error = Object.assign(new Error('listen EADDRINUSE'), {
    ...{ code: 'EADDRINUSE', syscall: 'listen', address: '127.0.0.1', port: 8080 },
  });
  expect(startFailure(error)).toMatch(/^Cannot start: port 8080 of 127\.0\.0\.1 is taken.*PORT/);
});

test('a data directory that cannot be made is named, with the variable that sets it', () => {
  const error = Object.assign(new Error("EACCES: permission denied, mkdir '/data'"), { syscall: 'mkdir' });
  expect(startFailure(error)).toMatch(/'\/data'.*DATA_DIRECTORY/);
});

test('other faults are told in their own words, and only our own with where they come from', () => {
  expect(startFailure(new Error('Wrong configuration'))).toBe('Cannot start: Wrong configuration');
  expect(startFailure(new TypeError('x is undefined'))).toMatch(/x is undefined\n +at /);
});
