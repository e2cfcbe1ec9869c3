import { expect, test } from '@jest/globals';
import { createRandom } from '../../../renderer/catalogue/random.ts';
import { LAYERS, sortingNetwork } from './sorting-network.ts';

function permutations<T>(items: T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

test('the network sorts all 720 orders of six values', () => {
  const orders = permutations([1, 2, 3, 4, 5, 6]);
  expect(orders).toHaveLength(720);
  for (const values of orders) {
    for (const [low, high] of LAYERS.flat()) {
      const [first = NaN, second = NaN] = [values[low], values[high]];
      values[low] = Math.min(first, second);
      values[high] = Math.max(first, second);
    }
    expect(values).toEqual([1, 2, 3, 4, 5, 6]);
  }
});

test('no wire is compared twice in a layer', () => {
  for (const layer of LAYERS) expect(new Set(layer.flat()).size).toBe(2 * layer.length);
});

test.each([
  ['easy', 1, 9],
  ['medium', 10, 99],
  ['hard', 100, 999],
])('%s has six different values from %d to %d', (prefilled_values, min, max) => {
  const plan = sortingNetwork.plan({ prefilled_values });
  if (plan.faults) throw new Error(plan.faults.join());
  for (const seed of ['a', 'b', 'c', 'd', 'e']) {
    const [page] = plan.value.pages(createRandom(seed), { width: 190, height: 267 });
    const values = (page?.values as { value: number }[]).map(({ value }) => value);
    expect(new Set(values).size).toBe(6);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(min);
    expect(Math.max(...values)).toBeLessThanOrEqual(max);
  }
});
