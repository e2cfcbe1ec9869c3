import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../../renderer/catalogue/random.ts';
import { TRACKS, trainStations } from './train-stations.ts';

const kinds = ['circular', 'twisted'] as const;

/** The stations that some journey leads to. */
function reachable({ A, B }: (typeof TRACKS)[(typeof kinds)[number]], start: number): Set<number> {
  const found = new Set([start]);
  for (const station of found) {
    for (const next of [A[station], B[station]]) if (next !== undefined) found.add(next);
  }
  return found;
}

describe.each(kinds)('%s tracks', (tracks) => {
  test('lead from every station to every other', () => {
    for (let start = 0; start < 6; start += 1) expect(reachable(TRACKS[tracks], start).size).toBe(6);
  });

  test('fill one page, the same in each copy, with two trains at each of six stations', () => {
    const plan = trainStations.plan({ tracks });
    if (plan.faults) throw new Error(plan.faults.join());
    const random = createRandom('seed');
    const pages = plan.value.pages(random, { width: 277, height: 180 });
    expect(pages).toMatchObject([
      { stations: { length: 6 }, lines: [{ paths: { length: 6 } }, { paths: { length: 6 } }] },
    ]);
    expect(random.drawn).toBe(false);
    expect(plan.value.subtitle('letter')).toBe(`${tracks} tracks - letter`);
  });
});

test('on circular tracks, A runs one way around and B the other', () => {
  const { A, B } = TRACKS.circular;
  for (const [from, to] of A.entries()) {
    expect(to).toBe((from + 1) % 6);
    expect(B[to]).toBe(from);
  }
});

test('it is printed in landscape', () => {
  expect(trainStations.landscape).toBe(true);
});
