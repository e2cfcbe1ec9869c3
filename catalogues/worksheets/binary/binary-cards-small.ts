import { z } from 'zod';
import { dotGrid } from './dot-grid.ts';
import { choice } from '../../../renderer/catalogue/options.ts';
import { round } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

const CARDS_PER_PAGE = 4;
/** Space between a card's edge and its dots, and the height of the number's line, in millimetres. */
const PADDING = 9;
const NUMBER_HEIGHT = 26;
/** Cells no larger than this keep a lone dot from filling its card. */
const LARGEST_CELL = 42;

export const binaryCardsSmall = defineResource({
  name: 'Binary Cards (small)',
  description: 'Cards with 1, 2, 4 … dots, four on a page.',
  example: { dot_counts: true },
  options: z.object({
    number_bits: choice(4, 8, 12),
    dot_counts: choice(true, false),
    black_back: choice(true, false),
  }),
  subtitle({ number_bits, dot_counts, black_back }, paper) {
    const counts = dot_counts ? 'with' : 'without';
    const back = black_back ? 'with' : 'without';
    return `${number_bits} bits - ${counts} dot counts - ${back} black back - ${paper}`;
  },
  pages({ options: { number_bits, dot_counts, black_back }, area }) {
    const card = { width: round(area.width / 2), height: round(area.height / 2) };
    const numberHeight = dot_counts ? NUMBER_HEIGHT : 0;
    const room = { width: card.width - 2 * PADDING, height: card.height - 2 * PADDING - numberHeight };
    const fronts = Array.from({ length: number_bits / CARDS_PER_PAGE }, (_, page) => ({
      back: false,
      card,
      padding: PADDING,
      cards: Array.from({ length: CARDS_PER_PAGE }, (_, place) => ({
        left: (place % 2) * card.width,
        top: Math.floor(place / 2) * card.height,
        count: 2 ** (page * CARDS_PER_PAGE + place),
        ...dotGrid(page * CARDS_PER_PAGE + place, room, LARGEST_CELL),
      })),
    }));
    return black_back ? fronts.flatMap((front) => [front, { back: true }]) : fronts;
  },
});
