import { z } from 'zod';
import { dotGrid } from './dot-grid.ts';
import { choice } from '../../../renderer/catalogue/options.ts';
import { round } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

const WINDOWS_PER_PAGE = 4;
/** Space between a window's edge and its dots, and the height of the number's line, in millimetres. */
const PADDING = 8;
const NUMBER_HEIGHT = 20;
/** Cells no larger than this keep a lone dot from filling its window. */
const LARGEST_CELL = 34;

/**
 * Windows with 1, 2, 4 … dots above a 1 or a lit bulb. Folded down, a window hides both and shows the 0 or the unlit bulb on
 * its back. In two-sided printing flipped on the short edge, the back of a window lies behind it, upside down.
 */
export const binaryWindows = defineResource({
  name: 'Binary Windows',
  description: 'Windows with dots to fold up and down: which are open says a number in binary.',
  example: { dot_counts: true },
  landscape: true,
  options: z.object({
    number_bits: choice(4, 8),
    value_type: choice('binary', 'lightbulb'),
    dot_counts: choice(true, false),
  }),
  subtitle({ number_bits, value_type, dot_counts }, paper) {
    const counts = dot_counts ? 'with' : 'without';
    return `${number_bits} bits - ${value_type} - ${counts} dot counts - ${paper}`;
  },
  pages({ options: { number_bits, dot_counts }, area }) {
    // The fold is in the middle, so that a window folded down covers exactly what is below it.
    const window = { width: round(area.width / WINDOWS_PER_PAGE), height: round(area.height / 2) };
    const room = {
      width: window.width - 2 * PADDING,
      height: window.height - 2 * PADDING - (dot_counts ? NUMBER_HEIGHT : 0),
    };
    const places = Array.from({ length: WINDOWS_PER_PAGE }, (_, place) => ({
      left: round(place * window.width),
      middle: round((place + 0.5) * window.width),
    }));
    return Array.from({ length: number_bits / WINDOWS_PER_PAGE }, (_, page) => {
      // As in a number, the least significant bit is on the right.
      const windows = places.map((place, index) => {
        const exponent = page * WINDOWS_PER_PAGE + WINDOWS_PER_PAGE - 1 - index;
        return { ...place, count: 2 ** exponent, ...dotGrid(exponent, room, LARGEST_CELL) };
      });
      return [
        { back: false, window, windows, padding: PADDING },
        { back: true, window, windows: places },
      ];
    }).flat();
  },
});
