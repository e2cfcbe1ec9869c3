import { describe, expect, test } from '@jest/globals';
import { barcodeChecksumPoster } from './barcode-checksum-poster.ts';
import { barcodeModules } from './barcode.ts';
import { createRandom } from '../../../renderer/catalogue/random.ts';

interface Poster {
  tops: Record<string, number>;
  module: number;
  barcodeLeft: number;
  bars: string;
  texts: { digits: string }[];
  columns: { digit: string; weight: number; product: number }[];
  sum: number;
  check: number;
  total: number;
}

function posterOf(barcode_length: number, area = { width: 190, height: 267 }): Poster {
  const plan = barcodeChecksumPoster.plan({ barcode_length });
  if (plan.faults) throw new Error(plan.faults.join());
  return plan.value.pages(createRandom('seed'), area)[0] as unknown as Poster;
}

describe.each([
  [12, [3, 1]],
  [13, [1, 3]],
])('the poster of %d digits', (length, weights) => {
  const poster = posterOf(length);
  const code = poster.texts.map(({ digits }) => digits).join('') + String(poster.check);

  test('works out the check digit of the code that it shows', () => {
    expect(code).toHaveLength(length);
    expect(poster.columns.map(({ digit }) => digit).join('')).toBe(code.slice(0, -1));
    for (const [index, { digit, weight, product }] of poster.columns.entries()) {
      expect(weight).toBe(weights[index % 2]);
      expect(product).toBe(weight * Number(digit));
    }
    expect(poster.columns.reduce((sum, { product }) => sum + product, 0)).toBe(poster.sum);
    expect(poster.sum + poster.check).toBe(poster.total);
    expect(poster.total % 10).toBe(0);
  });

  test('draws a bar for each run of black modules, and nothing else', () => {
    const drawn = Array.from({ length: 95 }, () => '0');
    for (const [, left, width] of poster.bars.matchAll(/M(\d+) 0h(\d+)v/g)) {
      drawn.fill('1', Number(left), Number(left) + Number(width));
    }
    expect(drawn.join('')).toBe(barcodeModules(code));
  });

  test.each([
    ['A4', { width: 190, height: 267 }],
    ['US Letter with header text', { width: 195.9, height: 237 }],
  ])('has free space beside the bars, and its parts apart, on %s', (_paper, area) => {
    const { tops, module, barcodeLeft } = posterOf(length, area);
    expect(barcodeLeft).toBeGreaterThan(11 * module);
    expect(area.width - barcodeLeft - 95 * module).toBeGreaterThan(11 * module);
    const begins = Object.values(tops);
    expect(begins).toEqual(begins.toSorted((a, b) => a - b));
    expect(begins.at(-1)).toBeLessThanOrEqual(area.height - 6);
  });
});
