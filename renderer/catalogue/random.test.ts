import { describe, expect, test } from '@jest/globals';
import { createRandom } from './random.ts';

const sequence = (seed: string) => {
  const random = createRandom(seed);
  return Array.from({ length: 20 }, () => random.integer(1, 1000));
};

test('the same seed always gives the same numbers, another seed different ones', () => {
  expect(sequence('task-1')).toEqual(sequence('task-1'));
  expect(sequence('task-1')).not.toEqual(sequence('task-2'));
  expect(sequence('task-1').slice(0, 5)).toMatchInlineSnapshot(`
    [
      429,
      856,
      626,
      882,
      92,
    ]
  `);
});

describe('drawing', () => {
  test('gives distinct numbers, which can cover their whole range', () => {
    const numbers = createRandom('seed').distinct(9, 1, 9);
    expect([...numbers].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('shuffles a copy of the items', () => {
    const items = Object.freeze(['a', 'b', 'b', 'c', 'd', 'e', 'f']);
    const shuffled = createRandom('seed').shuffle(items);
    expect([...shuffled].sort()).toEqual([...items]);
    expect(shuffled).not.toEqual(items);
  });

  test('gives every value with about the same probability, including both ends', () => {
    const random = createRandom('seed');
    const numbers = Array.from({ length: 4000 }, () => random.integer(0, 3));
    for (const value of [0, 1, 2, 3]) {
      expect(Math.abs(numbers.filter((number) => number === value).length - 1000)).toBeLessThan(150);
    }
  });

  test('records whether any number was drawn', () => {
    const random = createRandom('seed');
    expect(random.drawn).toBe(false);
    random.shuffle([1, 2]);
    expect(random.drawn).toBe(true);
  });
});

test.each([
  ['too few numbers', () => createRandom('').distinct(10, 1, 9)],
  ['bounds in the wrong order', () => createRandom('').integer(2, 1)],
  ['no whole number', () => createRandom('').integer(0.5, 1)],
  ['no number', () => createRandom('').distinct(NaN, 1, 9)],
])('refuses %s', (_name, draw) => {
  expect(draw).toThrow(RangeError);
});
