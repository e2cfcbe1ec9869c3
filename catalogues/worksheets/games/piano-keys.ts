import { z } from 'zod';
import { roundedBox } from '../../../renderer/catalogue/drawing.ts';
import { choice } from '../../../renderer/catalogue/options.ts';
import { round, type Area } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

const NOTES = ['C', 'D', 'E', 'F', 'G', 'A', 'B'] as const;
const OCTAVES = 2;
/** Light enough for black letters, dark enough to be visible in greyscale. */
const COLOURS = {
  A: '#f4909d',
  B: '#f7a868',
  C: '#ffd54a',
  D: '#82cf8b',
  E: '#7dbcee',
  F: '#c9a0e4',
  G: '#98a5ec',
};
/** Runs of white keys that have black keys between them. */
const GROUPS = [
  { first: 0, whites: 3 },
  { first: 3, whites: 4 },
];
/** Length of a white key in widths; width and length of a black key relative to a white one. */
const LENGTH = 7;
const BLACK = { width: 0.58, length: 0.63 };
/** Height of the case above the keys, in millimetres. */
const CASE = 5;

export const pianoKeys = defineResource({
  name: 'Piano Keys',
  description: 'Two octaves of piano keys along the page, both keys of a note coloured on request.',
  example: { highlight: 'C' },
  options: z.object({ highlight: choice(false, 'A', 'B', 'C', 'D', 'E', 'F', 'G') }),
  subtitle: ({ highlight }, paper) => `${highlight || 'no'} highlight - ${paper}`,
  pages({ options: { highlight }, area }) {
    const { keys, ...drawing } = draw(area);
    return [
      {
        ...drawing,
        keys,
        colour: highlight ? COLOURS[highlight] : 'none',
        coloured: keys.filter(({ note }) => note === highlight).map(({ left }) => left),
      },
    ];
  },
});

/** The keyboard as it is seen when the page is turned by a quarter: as wide as the area is high. */
function draw(area: Area) {
  const count = OCTAVES * NOTES.length;
  const frame = 1;
  const white = (area.height - frame) / count;
  const length = Math.min(LENGTH * white, area.width - CASE - frame);
  const top = (area.width - length - CASE) / 2 + CASE;
  const left = (index: number): number => round(frame / 2 + index * white);
  const keys = Array.from({ length: count }, (_, index) => ({
    note: NOTES[index % NOTES.length],
    left: left(index),
    middle: left(index + 0.5),
  }));
  const blacks = Array.from({ length: OCTAVES }, (_, octave) => octave * NOTES.length).flatMap((start) =>
    GROUPS.flatMap(({ first, whites }) => blackKeys(whites).map((place) => left(start + first + place))),
  );
  return {
    keys,
    turn: area.height,
    width: round(white),
    top: round(top),
    length: round(length),
    case: { left: frame / 2, top: round(top - CASE), width: round(count * white), height: CASE },
    lines: keys
      .slice(1)
      .map((key) => `M${key.left} ${round(top)}v${round(length)}`)
      .join(''),
    blacks: blacks
      .map((x) => roundedBox(x, top - 3, white * BLACK.width, BLACK.length * length + 3, 1.2))
      .join(''),
    names: round(top + length - 0.55 * white),
    size: round(0.62 * white),
  };
}

/** Left edges of the black keys in a run of white keys of width 1, such that all whites are equally wide between them. */
function blackKeys(whites: number): number[] {
  const between = (whites - (whites - 1) * BLACK.width) / whites;
  return Array.from({ length: whites - 1 }, (_, index) => between + index * (between + BLACK.width));
}
