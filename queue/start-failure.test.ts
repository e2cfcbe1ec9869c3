import { expect, test } from '@jest/globals';
import { startFailure } from '../service/start.ts';
import { queueStartHints } from './config.ts';

test('a port in use is named, with the variable that sets it', () => {
  const error = Object.assign(new Error('listen EADDRINUSE'), {
    ...{ code: 'EADDRINUSE', syscall: 'listen', address: '127.0.0.1', port: 8080 },
  });
  expect(startFailure(error, queueStartHints)).toMatch(
    /^Cannot start: port 8080 of 127\.0\.0\.1 is in use.*PORT/,
  );
});

test('a data directory that cannot be created is named, with the variable that sets it', () => {
  const error = Object.assign(new Error("EACCES: permission denied, mkdir '/data'"), { syscall: 'mkdir' });
  expect(startFailure(error, queueStartHints)).toMatch(/'\/data'.*DATA_DIRECTORY/);
});

test('other errors keep their message, and only bugs have a stack trace', () => {
  expect(startFailure(new Error('Invalid configuration'), queueStartHints)).toBe(
    'Cannot start: Invalid configuration',
  );
  expect(startFailure(new TypeError('x is undefined'), queueStartHints)).toMatch(/x is undefined\n +at /);
});
