import { z } from 'zod';
import { round, type Area } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

/** Rows of cards from the top of the page, and how much of its height each row takes. */
const ROWS = [
  { height: 0.28, arrows: ['turn-left', 'up', 'turn-right'] },
  { height: 0.18, arrows: ['up', 'up', 'up', 'up'] },
  { height: 0.18, arrows: ['turn-left', 'turn-left', 'turn-left', 'turn-left'] },
  { height: 0.18, arrows: ['turn-right', 'turn-right', 'turn-right', 'turn-right'] },
  { height: 0.18, arrows: ['left', 'down', 'right', 'turn-around'] },
] as const;

/** The arrows of the art are drawn in a square of this many units. */
const ART = 40;
/** The part of a card's shorter side that its arrow takes. */
const FILL = 0.78;

export const arrows = defineResource({
  name: 'Arrows',
  description: 'Arrows to cut out: the commands of a program that a person carries out, three of them large.',
  options: z.object({}),
  subtitle: (_options, paper) => paper,
  pages: ({ area }) => [draw(area)],
});

function draw(area: Area) {
  const cards = [];
  const cuts = [];
  let top = 0;
  for (const [index, row] of ROWS.entries()) {
    const card = { width: area.width / row.arrows.length, height: area.height * row.height };
    const side = FILL * Math.min(card.width, card.height);
    for (const [place, art] of row.arrows.entries()) {
      cards.push({
        art,
        x: round((place + 0.5) * card.width - side / 2),
        y: round(top + (card.height - side) / 2),
        scale: round(side / ART),
      });
      if (place > 0) cuts.push(`M${round(place * card.width)} ${round(top)}v${round(card.height)}`);
    }
    if (index > 0) cuts.push(`M0 ${round(top)}h${area.width}`);
    top += card.height;
  }
  return { cards, cuts: cuts.join('') };
}
