import { z } from 'zod';
import { round } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

const CELLS = 8;
/** Room for the border's stroke, which straddles the square's edge. */
const BORDER = 1.2;

export const grid = defineResource({
  name: 'Grid',
  description: 'An empty grid of 8 × 8 squares, as large as the page allows.',
  options: z.object({}),
  subtitle: (_options, paper) => paper,
  pages({ area }) {
    const side = Math.min(area.width, area.height) - BORDER;
    const left = round((area.width - side) / 2);
    const top = round((area.height - side) / 2);
    const steps = Array.from({ length: CELLS - 1 }, (_, index) => round(((index + 1) * side) / CELLS));
    const path = steps
      .map((step) => `M${left} ${round(top + step)}h${side}M${round(left + step)} ${top}v${side}`)
      .join('');
    return [{ side, left, top, path }];
  },
});
