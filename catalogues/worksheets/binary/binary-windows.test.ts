import { describe, expect, test } from '@jest/globals';
import { binaryWindows } from './binary-windows.ts';
import { createRandom } from '../../../renderer/catalogue/random.ts';

const A4 = { width: 277, height: 180 };
const LETTER = { width: 259.4, height: 185.5 };

interface Window {
  left: number;
  middle: number;
  count: number;
  dots: string;
}

function pagesOf(number_bits: number, area: { width: number; height: number }) {
  const plan = binaryWindows.plan({ number_bits, value_type: 'binary', dot_counts: true });
  if (plan.faults) throw new Error(plan.faults.join());
  return plan.value.pages(createRandom('seed'), area).map(({ back, window, windows }) => ({
    back: back as boolean,
    window: window as { width: number; height: number },
    windows: windows as Window[],
  }));
}

test.each([
  [4, [[8, 4, 2, 1]]],
  [
    8,
    [
      [8, 4, 2, 1],
      [128, 64, 32, 16],
    ],
  ],
])('%d bits: each front has four windows, the highest on the left, and a back after it', (bits, counts) => {
  const pages = pagesOf(bits, A4);
  expect(pages.map(({ back }) => back)).toEqual(counts.flatMap(() => [false, true]));
  const fronts = pages.filter(({ back }) => !back);
  expect(fronts.map(({ windows }) => windows.map(({ count }) => count))).toEqual(counts);
  for (const { windows } of fronts) {
    for (const { count, dots } of windows) expect(dots.match(/M/g)).toHaveLength(count);
  }
});

describe.each([
  ['A4', A4],
  ['US Letter', LETTER],
])('on %s', (_paper, area) => {
  const [front, back] = pagesOf(4, area);

  test('the back of each window lies behind it when the paper is flipped on the short edge', () => {
    const behind = back?.windows.map(({ middle }) => area.width - middle).reverse();
    for (const [index, { middle }] of (front?.windows ?? []).entries()) {
      expect(behind?.[index]).toBeCloseTo(middle, 2);
    }
    expect(back?.window).toEqual(front?.window);
  });

  test('a window that is folded down covers what is under it and no more', () => {
    expect(front?.window.height).toBeCloseTo(area.height / 2, 2);
  });
});
