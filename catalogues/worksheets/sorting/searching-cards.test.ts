import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../../renderer/catalogue/random.ts';
import type { Page } from '../../../renderer/catalogue/resource.ts';
import { searchingCards } from './searching-cards.ts';

function planFor(number_cards: number, max_number: string | number, help_sheet: boolean) {
  const plan = searchingCards.plan({ number_cards, max_number, help_sheet });
  if (plan.faults) throw new Error(plan.faults.join());
  return plan.value;
}
const draw = (plan: ReturnType<typeof planFor>, random = createRandom('seed')): Page[] =>
  plan.pages(random, { width: 190, height: 267 });
const numbersOf = (pages: Page[]): number[] =>
  pages.flatMap((page) => (page.numbers as { number: number }[]).map(({ number }) => number));

test.each([
  [15, 99, true, '15 cards - 0 to 99 - with helper sheet - a4'],
  [31, '999', false, '31 cards - 0 to 999 - without helper sheet - a4'],
  [31, 'cards', true, '31 cards - 0 to 31 - with helper sheet - a4'],
  [15, 'blank', false, '15 cards - blank - without helper sheet - a4'],
])('%d cards, max_number %s, help sheet %s: %s', (cards, max, help, subtitle) => {
  expect(planFor(cards, max, help).subtitle('a4')).toBe(subtitle);
});

describe.each([15, 31])('%d cards', (cards) => {
  test.each([
    ['cards', cards],
    [99, 99],
    [999, 999],
  ])('have different numbers, the helper sheet has them sorted (max_number %s)', (max_number, max) => {
    const pages = draw(planFor(cards, max_number, true));
    const sheets = pages.slice(1);
    expect(sheets).toHaveLength(Math.ceil(cards / 4));
    const numbers = numbersOf(sheets);
    expect(new Set(numbers).size).toBe(cards);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(max);
    const sorted = [...numbers].sort((a, b) => a - b);
    expect(numbers).not.toEqual(sorted);
    expect(numbersOf(pages.slice(0, 1))).toEqual(sorted);
  });

  test('are drawn anew for the next copy', () => {
    const random = createRandom('seed');
    const plan = planFor(cards, 99, false);
    expect(numbersOf(draw(plan, random))).not.toEqual(numbersOf(draw(plan, random)));
  });

  test('have no numbers when blank, the same in each copy', () => {
    const random = createRandom('seed');
    const pages = draw(planFor(cards, 'blank', true), random);
    expect(random.drawn).toBe(false);
    expect(pages).toHaveLength(1 + Math.ceil(cards / 4));
    expect(numbersOf(pages)).toEqual([]);
    const rows = pages.slice(1).flatMap((page) => page.rows as number[]);
    expect(rows).toHaveLength(cards);
  });
});
