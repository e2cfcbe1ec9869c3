import { z } from 'zod';
import { roundedBox } from '../../../renderer/catalogue/drawing.ts';
import { choice } from '../../../renderer/catalogue/options.ts';
import { round, type Area } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

const COLUMNS = 4;
const ROWS = 5;
/** Space between the edge of a card and its panel, so that a slightly misaligned back still shows a rim on all sides. */
const RIM = 3.5;
const CORNER = 3;
/** Dark enough to be distinguished from white across a classroom, also in greyscale. */
const COLOURS = { black: '#000', blue: '#1f5fbf', green: '#1e8a3c', purple: '#6e3d9e', red: '#c8202f' };

export const parityCards = defineResource({
  name: 'Parity Cards',
  description:
    'Cards that are white on one side and coloured on the other, for a trick that finds the card that was turned over.',
  options: z.object({ back_colour: choice('black', 'blue', 'green', 'purple', 'red') }),
  subtitle: ({ back_colour }, paper) => `${back_colour} back - ${paper}`,
  pages({ options: { back_colour }, area }) {
    const drawing = { colour: COLOURS[back_colour], ...draw(area) };
    return [
      { ...drawing, back: false },
      { ...drawing, back: true },
    ];
  },
});

/** Square cards in the middle of the area, the same turned left to right, so that fronts and backs meet. */
function draw(area: Area) {
  const side = Math.min(area.width / COLUMNS, area.height / ROWS);
  const left = (area.width - COLUMNS * side) / 2;
  const top = (area.height - ROWS * side) / 2;
  const ends = [
    ...Array.from({ length: COLUMNS + 1 }, (_, column) => {
      return `M${round(left + column * side)} ${round(top)}v${round(ROWS * side)}`;
    }),
    ...Array.from({ length: ROWS + 1 }, (_, row) => {
      return `M${round(left)} ${round(top + row * side)}h${round(COLUMNS * side)}`;
    }),
  ];
  const panels = Array.from({ length: COLUMNS * ROWS }, (_, index) => {
    const x = left + (index % COLUMNS) * side + RIM;
    const y = top + Math.floor(index / COLUMNS) * side + RIM;
    return roundedBox(x, y, side - 2 * RIM, side - 2 * RIM, CORNER);
  });
  return { cuts: ends.join(''), panels: panels.join('') };
}
