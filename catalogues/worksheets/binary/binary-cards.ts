import { z } from 'zod';
import { dotGrid } from './dot-grid.ts';
import { choice } from '../../../renderer/catalogue/options.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

const BITS = 8;
/** Space between a card's edge and what is on it, and the height of the number's line, in millimetres. */
const PADDING = 14;
const NUMBER_HEIGHT = 52;
/** Cells no larger than this keep a lone dot from filling its card. */
const LARGEST_CELL = 84;

export const binaryCards = defineResource({
  name: 'Binary Cards',
  description: 'Cards with 1, 2, 4 … 128 dots, each as large as the page.',
  options: z.object({ display_numbers: choice(true, false), black_back: choice(true, false) }),
  subtitle({ display_numbers, black_back }, paper) {
    const numbers = display_numbers ? 'with' : 'without';
    const back = black_back ? 'with' : 'without';
    return `${numbers} numbers - ${back} black back - ${paper}`;
  },
  pages({ options: { display_numbers, black_back }, area }) {
    const room = {
      width: area.width - 2 * PADDING,
      height: area.height - 2 * PADDING - (display_numbers ? NUMBER_HEIGHT : 0),
    };
    return Array.from({ length: BITS }, (_, exponent) => ({
      back: false,
      padding: PADDING,
      count: 2 ** exponent,
      ...dotGrid(exponent, room, LARGEST_CELL),
    })).flatMap((front) => (black_back ? [front, { back: true }] : [front]));
  },
});
