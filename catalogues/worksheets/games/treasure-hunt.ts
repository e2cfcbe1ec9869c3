import { z } from 'zod';
import { choice } from '../../../renderer/catalogue/options.ts';
import { round, type Area } from '../../../renderer/catalogue/paper.ts';
import type { Random } from '../../../renderer/catalogue/random.ts';
import { defineResource, type Page } from '../../../renderer/catalogue/resource.ts';

const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
const COLUMNS = 2;
const VALUES = { easy: [0, 99], medium: [0, 999], hard: [0, 9999] } as const;

/** Where the places stand on the map's scroll, in millimetres: left edges of the boxes, room above and below, gap between. */
const BOX_LEFT = [21, 61];
const SCROLL = { above: 35, below: 17, gap: 3.6 };
/** Approximate length of the bars in the map's border, and how far their middle is inside its edge. */
const BAR = { length: 14, inset: 1.8 };
/** A cell of the strips that explain the search. */
const CELL = { width: 5.6, pitch: 8.6 };

const options = z.object({
  prefilled_values: choice('blank', 'easy', 'medium', 'hard'),
  number_order: choice('sorted', 'unsorted'),
  instructions: choice(true, false),
  art: choice('colour', 'bw'),
});
type Options = z.output<typeof options>;

export const treasureHunt = defineResource({
  name: 'Treasure Hunt',
  description:
    "A searching game: find the number that the other player's treasure lies under, among sorted or unsorted ones.",
  example: { prefilled_values: 'easy' },
  options,
  subtitle({ instructions, art, ...values }, paper) {
    const colours = art === 'colour' ? 'full colour' : 'black and white';
    return `${describe(values) ?? 'blank'} - ${colours} - ${instructions ? 'with' : 'without'} instructions - ${paper}`;
  },
  pages({ options: { instructions, prefilled_values, number_order }, random, area }) {
    const filled = prefilled_values !== 'blank';
    const numbers = filled ? draw(prefilled_values, number_order, random) : [];
    const map = {
      sheet: 'map',
      label: describe({ prefilled_values, number_order }) ?? 'Write a number in each place.',
      filled,
      bars: border(area),
      ...scroll(numbers, area),
    };
    return instructions ? [{ sheet: 'rules', halvings: search('S') }, map] : [map];
  },
});

/** The numbers of a map, as `Sorted - 0 to 99`; undefined for none. */
function describe({ prefilled_values, number_order }: Pick<Options, 'prefilled_values' | 'number_order'>) {
  if (prefilled_values === 'blank') return undefined;
  const [min, max] = VALUES[prefilled_values];
  return `${number_order === 'sorted' ? 'Sorted' : 'Unsorted'} - ${min} to ${max}`;
}

function draw(level: keyof typeof VALUES, order: Options['number_order'], random: Random): number[] {
  const [min, max] = VALUES[level];
  const numbers = random.distinct(LETTERS.length, min, max);
  return order === 'sorted' ? numbers.sort((a, b) => a - b) : numbers;
}

/** The places, read across, then down. */
function scroll(numbers: number[], { height }: Area): Page {
  const pitch = (height - SCROLL.above - SCROLL.below) / (LETTERS.length / COLUMNS);
  return {
    boxHeight: round(pitch - SCROLL.gap),
    places: LETTERS.map((letter, index) => ({
      letter,
      number: numbers[index],
      x: BOX_LEFT[index % COLUMNS],
      y: round(SCROLL.above + (Math.floor(index / COLUMNS) + 0.5) * pitch),
    })),
  };
}

/**
 * The guesses of a binary search for the place `target`, as the rules show it: for each, the strip of places that are
 * still possible, the one guessed, and what the answer tells.
 */
export function search(target: string) {
  const rows = [];
  let [first, last, guess] = [0, LETTERS.length - 1, -1];
  while (LETTERS[guess] !== target) {
    guess = Math.floor((first + last) / 2);
    const letter = LETTERS[guess] ?? '';
    const answer = letter === target ? 'found' : letter < target ? 'too small' : 'too large';
    rows.push({
      y: rows.length * CELL.pitch + 1,
      from: round(first * CELL.width),
      to: round((last + 1) * CELL.width),
      guess: round(guess * CELL.width),
      letter,
      answer,
      others: cells(LETTERS.filter((each, index) => index >= first && index <= last && each !== letter)),
    });
    if (letter < target) first = guess + 1;
    else last = guess - 1;
  }
  return rows;
}

/** Letters with the x coordinates of their cells' middles, as one SVG text takes them. */
function cells(letters: string[]) {
  const places = letters.map((letter) => round((LETTERS.indexOf(letter) + 0.5) * CELL.width));
  return { letters: letters.join(''), places: places.join(' ') };
}

/** Path data of every other bar along the four sides, with a bar at each corner. */
function border({ width, height }: Area): string {
  const side = (length: number, place: (from: number, length: number) => string) => {
    const bar = length / (2 * Math.round(length / BAR.length / 2) + 1);
    const count = Math.round(length / bar / 2 + 0.5);
    return Array.from({ length: count }, (_, index) => place(round(2 * index * bar), round(bar))).join('');
  };
  return [BAR.inset, height - BAR.inset]
    .map((y) => side(width, (x, bar) => `M${x} ${y}h${bar}`))
    .concat([BAR.inset, width - BAR.inset].map((x) => side(height, (y, bar) => `M${x} ${y}v${bar}`)))
    .join('');
}
