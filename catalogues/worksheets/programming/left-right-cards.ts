import { z } from 'zod';
import { round } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

const ROWS = 4;

export const leftRightCards = defineResource({
  name: 'Left and Right Cards',
  description:
    'Cards to cut out that say left and right: four of each, with an arrow and the hand of that side.',
  options: z.object({}),
  subtitle: (_options, paper) => paper,
  pages({ area }) {
    const card = { width: round(area.width / 2), height: round(area.height / ROWS) };
    return [{ card, tops: Array.from({ length: ROWS }, (_, row) => round(row * card.height)) }];
  },
});
