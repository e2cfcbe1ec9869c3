import { z } from 'zod';
import { dots } from './drawing.ts';
import { choice } from './options.ts';
import { round } from './paper.ts';
import { defineResource } from './resource.ts';

const CARDS_PER_PAGE = 4;
/** Space between a card's edge and its dots, and the height of the number's line, in millimetres. */
const PADDING = 9;
const NUMBER_HEIGHT = 26;
/** Cells no larger than this keep a lone dot from filling its card. */
const LARGEST_CELL = 42;

/** Cards with 1, 2, 4 … dots, four on a page. */
export const binaryCardsSmall = defineResource({
  name: 'Binary Cards (small)',
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
      cards: Array.from({ length: CARDS_PER_PAGE }, (_, place) => ({
        left: (place % 2) * card.width,
        top: Math.floor(place / 2) * card.height,
        count: 2 ** (page * CARDS_PER_PAGE + place),
        ...arrange(page * CARDS_PER_PAGE + place, room),
      })),
    }));
    return black_back ? fronts.flatMap((front) => [front, { back: true }]) : fronts;
  },
});

/** 2 ** exponent dots in a grid of square cells, scaled and centred in a card's padding. */
function arrange(exponent: number, room: { width: number; height: number }) {
  const columns = 2 ** Math.floor(exponent / 2);
  const rows = 2 ** Math.ceil(exponent / 2);
  const cell = Math.min(room.width / columns, room.height / rows, LARGEST_CELL);
  return {
    cell: round(cell),
    x: round(PADDING + (room.width - columns * cell) / 2),
    y: round(PADDING + (room.height - rows * cell) / 2),
    dots: dots(
      Array.from({ length: rows * columns }, (_, index) => {
        return [(index % columns) + 0.5, Math.floor(index / columns) + 0.5] as const;
      }),
    ),
  };
}
