import { expect, test } from '@jest/globals';
import { parityCards } from './parity-cards.ts';
import { createRandom } from '../../../renderer/catalogue/random.ts';

const COLOURS = ['black', 'blue', 'green', 'purple', 'red'];
const AREA = { width: 195.9, height: 237 };

function planFor(back_colour: string) {
  const plan = parityCards.plan({ back_colour });
  if (plan.faults) throw new Error(plan.faults.join());
  return plan.value;
}

test.each(COLOURS)('fronts and then backs in %s, of the same geometry', (colour) => {
  const plan = planFor(colour);
  expect(plan.subtitle('letter')).toBe(`${colour} back - letter`);
  const [front, back, ...more] = plan.pages(createRandom('seed'), AREA);
  expect(more).toEqual([]);
  expect(front).toEqual({ ...back, back: false });
  expect(back).toMatchObject({ back: true });
});

test('each colour is different', () => {
  const colours = COLOURS.map((colour) => planFor(colour).pages(createRandom('seed'), AREA)[1]?.colour);
  expect(new Set(colours).size).toBe(COLOURS.length);
});

test('the layout of twenty cards is the same when the sheet is flipped on its long edge', () => {
  const panels = planFor('blue').pages(createRandom('seed'), AREA)[0]?.panels as string;
  // The path of a panel begins at its top, a corner's radius from its left edge, and goes along the top.
  const tops = [...panels.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g)].map((match) =>
    match.slice(1).map(Number),
  );
  expect(tops).toHaveLength(20);
  const place = (x: number, y = NaN) => `${x.toFixed(2)} ${y.toFixed(2)}`;
  const lefts = tops.map(([x = NaN, y]) => place(x, y));
  const mirrored = tops.map(([x = NaN, y, width = NaN]) => place(AREA.width - x - width, y));
  expect(mirrored.sort()).toEqual(lefts.sort());
});
