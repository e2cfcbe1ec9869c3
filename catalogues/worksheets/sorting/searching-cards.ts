import { z } from 'zod';
import { choice } from '../../../renderer/catalogue/options.ts';
import { round, type Area } from '../../../renderer/catalogue/paper.ts';
import type { Random } from '../../../renderer/catalogue/random.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';
import { searchTree } from './search-tree.ts';

const CARDS_PER_PAGE = 4;
/** Dashes of the fold on a card. */
const FOLD_DASHES = 8;

const options = z.object({
  number_cards: choice(15, 31),
  max_number: choice('cards', 99, 999, 'blank'),
  help_sheet: choice(true, false),
});
type Options = z.output<typeof options>;

export const searchingCards = defineResource({
  name: 'Searching Cards',
  description:
    'Numbers to hide and to search for, on strips that are folded to stand up; for the teacher, how they are searched.',
  options,
  // File names have always said "0 to", although the smallest number is 1.
  subtitle({ number_cards, max_number, help_sheet }, paper) {
    const range =
      max_number === 'blank' ? 'blank' : `0 to ${max_number === 'cards' ? number_cards : max_number}`;
    return `${number_cards} cards - ${range} - ${help_sheet ? 'with' : 'without'} helper sheet - ${paper}`;
  },
  pages({ options: { number_cards, max_number, help_sheet }, random, area }) {
    const numbers = draw({ number_cards, max_number }, random);
    const sheets = Array.from({ length: Math.ceil(number_cards / CARDS_PER_PAGE) }, (_, sheet) => {
      const first = sheet * CARDS_PER_PAGE;
      const count = Math.min(CARDS_PER_PAGE, number_cards - first);
      return { help: false, ...strips(numbers.slice(first, first + count), count, area) };
    });
    if (!help_sheet) return sheets;
    const sorted = [...numbers].sort((a, b) => a - b);
    return [
      { help: true, blank: numbers.length === 0, ...searchTree(sorted, number_cards, area) },
      ...sheets,
    ];
  },
});

/** Different numbers in the order of the cards; none for blank cards. */
function draw(
  { number_cards, max_number }: Pick<Options, 'number_cards' | 'max_number'>,
  random: Random,
): number[] {
  if (max_number === 'blank') return [];
  return random.distinct(number_cards, 1, max_number === 'cards' ? number_cards : max_number);
}

/** The strips of a page, one under the other: a cover on the left of the fold, a number or a line for one on the right. */
function strips(values: number[], count: number, area: Area) {
  const height = area.height / CARDS_PER_PAGE;
  const rows = Array.from({ length: count }, (_, index) => round((index + 0.5) * height));
  const dash = height / FOLD_DASHES;
  const dashes = Array.from({ length: FOLD_DASHES }, (_, index) => round((index + 0.25) * dash - height / 2));
  return {
    fold: round(area.width / 2),
    dashes: dashes.map((y) => `M0 ${y}v${round(dash / 2)}`).join(''),
    rows,
    cuts: rows
      .slice(1)
      .map((_, index) => `M0 ${round((index + 1) * height)}h${area.width}`)
      .join(''),
    bottom: round(count * height),
    right: round(0.75 * area.width),
    numbers: values.map((number, index) => ({ number, y: rows[index] })),
  };
}
