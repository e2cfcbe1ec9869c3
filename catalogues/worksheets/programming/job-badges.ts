import { z } from 'zod';
import { circle } from '../../../renderer/catalogue/drawing.ts';
import { round } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

/** The roles of a class that programs a person with arrows; each name is also the name of its icon's art. */
const ROLES = [
  { role: 'Programmer', icon: 'programmer', colour: '#7fb5ec', task: 'I write the steps.' },
  { role: 'Tester', icon: 'tester', colour: '#f2c230', task: 'I find the bugs.' },
  { role: 'Bot', icon: 'bot', colour: '#7cc686', task: 'I do as I am told.' },
];
const COLUMNS = 2;
/** Free space around a badge, in millimetres. */
const MARGIN = 2.5;
/** The radius for which the art is drawn. */
const ART_RADIUS = 41;

export const jobBadges = defineResource({
  name: 'Job Badges',
  description: 'Round badges to cut out, two for each role.',
  options: z.object({}),
  subtitle: (_options, paper) => paper,
  pages({ area }) {
    const cell = { width: area.width / COLUMNS, height: area.height / ROLES.length };
    const radius = Math.min(cell.width, cell.height) / 2 - MARGIN;
    const badges = ROLES.flatMap((role, row) =>
      Array.from({ length: COLUMNS }, (_, column) => ({
        ...role,
        x: round((column + 0.5) * cell.width),
        y: round((row + 0.5) * cell.height),
      })),
    );
    return [{ badges, scale: round(radius / ART_RADIUS), outline: circle(0, 0, ART_RADIUS) }];
  },
});
