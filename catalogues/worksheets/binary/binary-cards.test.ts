import { expect, test } from '@jest/globals';
import { binaryCards } from './binary-cards.ts';
import { createRandom } from '../../../renderer/catalogue/random.ts';

function pagesOf(display_numbers: boolean, black_back: boolean) {
  const plan = binaryCards.plan({ display_numbers, black_back });
  if (plan.faults) throw new Error(plan.faults.join());
  return plan.value.pages(createRandom('seed'), { width: 190, height: 267 });
}

test.each([true, false])('each card has the dots of its number (with numbers: %s)', (display_numbers) => {
  const cards = pagesOf(display_numbers, false);
  expect(cards.map(({ count }) => count)).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
  for (const { count, dots } of cards) expect((dots as string).match(/M/g)).toHaveLength(count as number);
});

test('a back follows each card, so that two-sided printing puts it behind', () => {
  const pages = pagesOf(true, true);
  expect(pages.map(({ back }) => back)).toEqual(Array.from({ length: 16 }, (_, index) => index % 2 === 1));
});
