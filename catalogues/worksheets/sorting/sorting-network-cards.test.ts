import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../../renderer/catalogue/random.ts';
import { sortingNetworkCards } from './sorting-network-cards.ts';

interface Card {
  text: string;
  art: string;
}

function cardsOf(type: string, seed = 'seed') {
  const plan = sortingNetworkCards.plan({ type });
  if (plan.faults) throw new Error(plan.faults.join());
  const random = createRandom(seed);
  const pages = plan.value.pages(random, { width: 190, height: 267 });
  return {
    subtitle: plan.value.subtitle('a4'),
    pages: pages.length,
    cards: pages.flatMap((page) => page.cards as Card[]),
    drawn: random.drawn,
  };
}

test.each([
  ['small_numbers', 6],
  ['large_numbers', 6],
  ['fractions', 6],
  ['maori_numbers', 16],
  ['words', 6],
  ['letters', 12],
  ['maori_colours', 8],
  ['riding_hood', 6],
  ['butterfly', 6],
])('%s has %d cards, two on a page', (type, count) => {
  const { cards, pages, subtitle } = cardsOf(type);
  expect(cards).toHaveLength(count);
  expect(pages).toBe(count / 2);
  expect(subtitle).toBe(`${type.replaceAll('_', ' ')} - a4`);
});

test('only large numbers differ from copy to copy', () => {
  const { optionsSchema } = sortingNetworkCards;
  const types = (optionsSchema.properties as { type: { enum: string[] } }).type.enum;
  expect(types.filter((type) => cardsOf(type).drawn)).toEqual(['large_numbers']);
});

describe('the order of printing gives nothing away', () => {
  test('of small numbers', () => {
    const texts = cardsOf('small_numbers').cards.map(({ text }) => text);
    expect(texts).not.toEqual([...texts].sort());
    expect([...texts].sort()).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  test('of stories', () => {
    expect(cardsOf('riding_hood').cards.map(({ art }) => art)).not.toEqual(
      ['basket', 'wood', 'wolf', 'door', 'teeth', 'rescue'].map((scene) => `riding-hood-${scene}`),
    );
    const stages = ['leaf', 'young-caterpillar', 'caterpillar', 'young-pupa', 'mature-pupa', 'butterfly'];
    expect(cardsOf('butterfly').cards.map(({ art }) => art)).not.toEqual(
      stages.map((stage) => `butterfly-${stage}`),
    );
  });

  test('of large numbers, which are different, of seven digits and neither rise nor fall', () => {
    for (let seed = 0; seed < 3000; seed += 1) {
      const { cards } = cardsOf('large_numbers', String(seed));
      for (const { text } of cards) expect(text).toMatch(/^(1,[7-9]\d\d|2,0\d\d|2,100),\d{3}$/);
      const numbers = cards.map(({ text }) => Number(text.replaceAll(',', '')));
      const rising = [...numbers].sort((a, b) => a - b);
      expect(new Set(numbers).size).toBe(6);
      expect(numbers).not.toEqual(rising);
      expect(numbers).not.toEqual(rising.toReversed());
    }
  });
});

test('an unknown type is answered with the known ones', () => {
  expect(sortingNetworkCards.plan({ type: 'cats' }).faults).toEqual([
    expect.stringMatching(/type.*cats.*small_numbers.*butterfly/),
  ]);
});
