import { describe, expect, test } from '@jest/globals';
import { covers } from './drift.ts';

describe('whether an object matches its manifest', () => {
  test.each([
    ['the same', { a: 1, b: ['x'] }, { a: 1, b: ['x'] }, true],
    ['a field of another manager', { a: 1, other: true }, { a: 1 }, true],
    ['another value', { a: 2 }, { a: 1 }, false],
    ['a missing field', {}, { a: 1 }, false],
    ['an omitted empty value', {}, { a: '', b: [], c: {}, d: { e: '' } }, true],
    ['false is not an empty value', {}, { a: false }, false],
    ['the same quantity', { cpu: '1', memory: '1Gi' }, { cpu: '1000m', memory: '1024Mi' }, true],
    ['another quantity', { memory: '1G' }, { memory: '1Gi' }, false],
    ['a named item of another manager', [{ name: 'x' }, { name: 'a', v: 1 }], [{ name: 'a', v: 1 }], true],
    ['a changed named item', [{ name: 'a', v: 2 }], [{ name: 'a', v: 1 }], false],
    ['an additional value in a list of values', ['a', 'b'], ['a'], false],
    ['an additional item in a list without names', [{ port: 1 }, { port: 2 }], [{ port: 1 }], false],
    ['an additional field in an item without a name', [{ port: 1, endPort: 9 }], [{ port: 1 }], false],
    ['another empty selector', [{ namespaceSelector: {} }], [{ podSelector: {} }], false],
    ['an additional entry in a selector', { selector: { a: '1', b: '2' } }, { selector: { a: '1' } }, false],
    ['an additional entry in labels', { labels: { a: '1', b: '2' } }, { labels: { a: '1' } }, true],
    ['a list that became a map', { a: {} }, { a: ['x'] }, false],
    ['null instead of an object', { a: null }, { a: { b: 1 } }, false],
  ])('%s', (_, live, desired, expected) => {
    expect(covers(live, desired)).toBe(expected);
  });
});
