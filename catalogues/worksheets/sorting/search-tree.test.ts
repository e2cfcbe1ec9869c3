import { describe, expect, test } from '@jest/globals';
import { searchTree } from './search-tree.ts';

const AREA = { width: 195.9, height: 237 };

describe.each([
  [15, 4],
  [31, 5],
])('%d cards', (count, levels) => {
  const sorted = Array.from({ length: count }, (_, index) => index + 1);
  const { columns, numbers, boxes, branches, boxHeight } = searchTree(sorted, count, AREA);

  test('stand in order, each in the column of the turn at which a binary search finds it', () => {
    expect(numbers.map(({ number }) => number)).toEqual(sorted);
    expect(columns).toHaveLength(levels);
    for (const { number, x } of numbers) {
      let [low, high, turn] = [1, count, 0];
      for (let middle = NaN; middle !== number; turn += 1) {
        middle = (low + high) / 2;
        if (middle < number) low = middle + 1;
        else high = middle - 1;
      }
      expect(x).toBe(columns[turn - 1]?.x);
    }
  });

  test('fit the page without touching', () => {
    const rows = numbers.map(({ y = NaN }) => y);
    expect(Math.max(...rows) + boxHeight / 2).toBeLessThanOrEqual(AREA.height);
    const columnOf = (column: number) => numbers.filter(({ x }) => x === column).map(({ y = NaN }) => y);
    for (const { x } of columns) {
      for (const [index, y] of columnOf(x).slice(1).entries()) {
        expect(y - (columnOf(x)[index] ?? NaN)).toBeGreaterThan(boxHeight);
      }
    }
  });

  test('have boxes and branches with numbers and without', () => {
    expect(boxes.match(/M/g)).toHaveLength(count);
    expect(branches.match(/M/g)).toHaveLength((count - 1) / 2);
    expect(searchTree([], count, AREA)).toEqual({
      columns,
      boxes,
      branches,
      boxHeight,
      size: expect.any(Number),
      numbers: [],
    });
  });
});
