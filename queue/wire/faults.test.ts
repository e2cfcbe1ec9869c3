import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_REASONS } from './faults.ts';

test('docs/queue.md lists every reason of a fault with its status and meaning', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/queue.md'), 'utf8');
  const rows = text.matchAll(/^\| `(\w+)` +\| (\d{3}) +\| (.+?) +\|$/gm);
  const listed = Array.from(rows, ([, reason, code, meaning]) => [reason, { code: Number(code), meaning }]);
  expect(listed).toEqual(Object.entries(FAULT_REASONS));
});
