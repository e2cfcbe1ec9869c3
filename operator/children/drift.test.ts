import { describe, expect, test } from '@jest/globals';
import { covers } from './drift.ts';

describe('whether an object is as it was applied', () => {
  test.each([
    ['the same', { a: 1, b: ['x'] }, { a: 1, b: ['x'] }, true],
    ['a field of somebody else', { a: 1, other: true }, { a: 1 }, true],
    ['another value', { a: 2 }, { a: 1 }, false],
    ['a missing field', {}, { a: 1 }, false],
    ['an empty value that is left out', {}, { a: '', b: [], c: {}, d: { e: '' } }, true],
    ['false is not left out', {}, { a: false }, false],
    ['the same quantity', { cpu: '1', memory: '1Gi' }, { cpu: '1000m', memory: '1024Mi' }, true],
    ['another quantity', { memory: '1G' }, { memory: '1Gi' }, false],
    ['a named item of somebody else', [{ name: 'x' }, { name: 'a', v: 1 }], [{ name: 'a', v: 1 }], true],
    ['a changed named item', [{ name: 'a', v: 2 }], [{ name: 'a', v: 1 }], false],
    ['a value more in a list of values', ['a', 'b'], ['a'], false],
    ['an item more in a list without names', [{ port: 1 }, { port: 2 }], [{ port: 1 }], false],
    ['a field more in an item without a name', [{ port: 1, endPort: 9 }], [{ port: 1 }], false],
    ['another empty selector', [{ namespaceSelector: {} }], [{ podSelector: {} }], false],
    ['an entry more in a selector', { selector: { a: '1', b: '2' } }, { selector: { a: '1' } }, false],
    ['an entry more in labels', { labels: { a: '1', b: '2' } }, { labels: { a: '1' } }, true],
    ['a list that became a map', { a: {} }, { a: ['x'] }, false],
    ['null where an object should be', { a: null }, { a: { b: 1 } }, false],
  ])('%s', (_, live, desired, expected) => {
    expect(covers(live, desired)).toBe(expected);
  });
});
