import { expect, test } from '@jest/globals';
import { createRandom } from '../../../renderer/catalogue/random.ts';
import { search, treasureHunt } from './treasure-hunt.ts';

const AREA = { width: 190, height: 267 };
const BLANK = { prefilled_values: 'blank', number_order: 'sorted', instructions: false, art: 'bw' };

function plan(options: Record<string, unknown>) {
  const checked = treasureHunt.plan({ ...BLANK, ...options });
  if (checked.faults) throw new Error(checked.faults.join());
  return checked.value;
}

function numbersOf(options: Record<string, unknown>, seed: string): number[] {
  const [map] = plan(options).pages(createRandom(seed), AREA);
  return (map?.places as { number: number }[]).map(({ number }) => number);
}

test.each([
  ['easy', 99],
  ['medium', 999],
  ['hard', 9999],
])('%s has 26 different numbers from 0 to %d, in order or not', (prefilled_values, max) => {
  for (const seed of ['a', 'b', 'c']) {
    const unsorted = numbersOf({ prefilled_values, number_order: 'unsorted' }, seed);
    const sorted = numbersOf({ prefilled_values, number_order: 'sorted' }, seed);
    expect(new Set(sorted).size).toBe(26);
    expect(sorted[0]).toBeGreaterThanOrEqual(0);
    expect(sorted.at(-1)).toBeLessThanOrEqual(max);
    expect(unsorted).not.toEqual(sorted);
    expect(unsorted.sort((a, b) => a - b)).toEqual(sorted);
  }
});

test('a blank map has empty places and is the same in each copy', () => {
  const random = createRandom('seed');
  const [map] = plan({}).pages(random, AREA);
  expect(map).toMatchObject({ filled: false, places: { length: 26 } });
  expect(random.drawn).toBe(false);
});

test('the rules come first when asked for', () => {
  const sheets = (instructions: boolean) =>
    plan({ instructions })
      .pages(createRandom('seed'), AREA)
      .map(({ sheet }) => sheet);
  expect(sheets(true)).toEqual(['rules', 'map']);
  expect(sheets(false)).toEqual(['map']);
});

test.each([
  [{}, 'blank - black and white - without instructions - a4'],
  [{ art: 'colour', instructions: true }, 'blank - full colour - with instructions - a4'],
  [{ prefilled_values: 'easy' }, 'Sorted - 0 to 99 - black and white - without instructions - a4'],
  [
    { prefilled_values: 'hard', number_order: 'unsorted' },
    'Unsorted - 0 to 9999 - black and white - without instructions - a4',
  ],
])('%j is called %s', (options, subtitle) => {
  expect(plan(options).subtitle('a4')).toBe(subtitle);
});

test('places stay on the scroll and do not overlap, even on the shortest page', () => {
  const [map] = plan({}).pages(createRandom('seed'), { width: 195.9, height: 237 });
  const { boxHeight, places } = map as { boxHeight: number; places: { x: number; y: number }[] };
  const rows = [...new Set(places.map(({ y }) => y))];
  expect(rows).toHaveLength(13);
  for (const [index, y] of rows.slice(1).entries()) expect(y - (rows[index] ?? 0)).toBeGreaterThan(boxHeight);
  expect((rows.at(-1) ?? 0) + boxHeight / 2).toBeLessThan(237 - 15);
});

test('the search that the rules explain finds any of the 26 places in five guesses', () => {
  for (const target of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
    const guesses = search(target);
    expect(guesses.length).toBeLessThanOrEqual(5);
    expect(guesses.at(-1)).toMatchObject({ letter: target, answer: 'found' });
    for (const { letter, others } of guesses) expect(letter + others.letters).toContain(target);
  }
});
