import { expect, test } from '@jest/globals';
import { stamped } from './version-stamps.ts';

const chart = { path: 'Chart.yaml', patterns: [/(?<=^version: ).+$/gm, /(?<=^appVersion: ).+$/gm] };

test('every place of a file gets the version', () => {
  const text = 'apiVersion: v2\nversion: 0.1.0\nappVersion: 0.1.0\n';
  expect(stamped(text, { ...chart, version: '1.2.3-rc.1' })).toBe(
    'apiVersion: v2\nversion: 1.2.3-rc.1\nappVersion: 1.2.3-rc.1\n',
  );
});

test('a file that no longer states the version is an error', () => {
  expect(() => stamped('version: 0.1.0\n', { ...chart, version: '1.2.3' })).toThrow(
    'Chart.yaml does not state the version',
  );
});
