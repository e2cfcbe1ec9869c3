import { expect, test } from '@jest/globals';
import { moduloClock } from './modulo-clock.ts';
import { createRandom } from '../../../renderer/catalogue/random.ts';

function clock(modulo_number: number, area = { width: 190, height: 267 }) {
  const plan = moduloClock.plan({ modulo_number });
  if (plan.faults) throw new Error(plan.faults.join());
  const [page, ...more] = plan.value.pages(createRandom('seed'), area);
  expect(more).toEqual([]);
  return {
    subtitle: plan.value.subtitle('a4'),
    numbers: page?.numbers as { number: number; x: number; y: number }[],
    pin: page?.pin as { x: number; y: number },
  };
}

test.each([2, 10])('the numbers of modulo %d go round clockwise from the top', (modulo) => {
  const { numbers, pin, subtitle } = clock(modulo);
  expect(subtitle).toBe(`${modulo} - a4`);
  expect(numbers.map(({ number }) => number)).toEqual(Array.from({ length: modulo }, (_, index) => index));
  const radius = pin.y - (numbers[0]?.y ?? NaN);
  for (const { number, x, y } of numbers) {
    const turn = Math.atan2(x - pin.x, pin.y - y) / (2 * Math.PI);
    expect((turn + 1) % 1).toBeCloseTo(number / modulo, 4);
    expect(Math.hypot(x - pin.x, y - pin.y)).toBeCloseTo(radius, 2);
  }
});

test('a blank clock has no numbers', () => {
  expect(clock(1)).toMatchObject({ numbers: [], subtitle: 'blank - a4' });
});
