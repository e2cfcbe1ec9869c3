import { expect, test } from '@jest/globals';
import { pianoKeys } from './piano-keys.ts';
import { createRandom } from '../../../renderer/catalogue/random.ts';

function keyboard(highlight: string | boolean) {
  const plan = pianoKeys.plan({ highlight });
  if (plan.faults) throw new Error(plan.faults.join());
  const [page] = plan.value.pages(createRandom('seed'), { width: 190, height: 267 });
  return {
    subtitle: plan.value.subtitle('a4'),
    keys: page?.keys as { note: string; left: number }[],
    coloured: page?.coloured as number[],
    colour: page?.colour,
    width: page?.width as number,
    blacks: [...(page?.blacks as string).matchAll(/M([\d.]+) [\d.]+h([\d.]+)/g)].map(([, left, width]) => {
      return Number(left) + Number(width) / 2;
    }),
  };
}

test('two octaves from C to B, with black keys where pianos have them', () => {
  const { keys, blacks, width, coloured, subtitle } = keyboard(false);
  expect(keys.map(({ note }) => note).join('')).toBe('CDEFGABCDEFGAB');
  const below = blacks.map((middle) => keys[Math.round((middle - (keys[0]?.left ?? NaN)) / width) - 1]?.note);
  expect(below.join('')).toBe('CDFGACDFGA');
  expect(coloured).toEqual([]);
  expect(subtitle).toBe('no highlight - a4');
});

test('both keys of the chosen note are coloured, each note in a colour of its own', () => {
  const notes = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
  for (const chosen of notes) {
    const { keys, coloured, subtitle } = keyboard(chosen);
    expect(coloured).toEqual(keys.filter(({ note }) => note === chosen).map(({ left }) => left));
    expect(coloured).toHaveLength(2);
    expect(subtitle).toBe(`${chosen} highlight - a4`);
  }
  expect(new Set(notes.map((note) => keyboard(note).colour)).size).toBe(notes.length);
});
