import { z } from 'zod';
import { barcodeModules, checkDigit, weights } from './barcode.ts';
import { choice } from '../../../renderer/catalogue/options.ts';
import { round, type Area } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

/** Digits before the check digit. 4 is for a shop's own use and 952 for examples, so that no product has these codes. */
const DIGITS = { 12: '41590263817', 13: '952806134795' };

/** Heights of the poster's parts in millimetres, from the top; the remaining space is distributed between them. */
const PARTS = { title: 23, barcode: 60, multiply: 50, add: 24, fill: 34, note: 6 };

/** Lengths of a barcode in modules: of its bars, and how much further the guard bars reach. */
const BAR = 36;
const GUARD = 5;
const MODULES = 95;
/** Width of a module in millimetres, four times its size on a product. */
const MODULE = 1.32;

/**
 * Where guard bars reach down, and where digits stand under or beside a barcode, in modules from its first bar. The free
 * space that scanners need is 9 modules on each side of UPC-A, 11 before and 7 after EAN-13.
 */
const LAYOUTS = {
  12: {
    guards: [
      [0, 10],
      [45, 50],
      [85, 95],
    ],
    texts: [
      { x: -5, from: 0, to: 1 },
      { x: 27.5, from: 1, to: 6 },
      { x: 67.5, from: 6, to: 11 },
      { x: 100, from: 11, to: 12 },
    ],
  },
  13: {
    guards: [
      [0, 3],
      [45, 50],
      [92, 95],
    ],
    texts: [
      { x: -6, from: 0, to: 1 },
      { x: 24, from: 1, to: 7 },
      { x: 71, from: 7, to: 13 },
    ],
  },
};

export const barcodeChecksumPoster = defineResource({
  name: 'Barcode Checksum Poster',
  description: "A poster that works out the check digit of a product's barcode step by step.",
  options: z.object({ barcode_length: choice(12, 13) }),
  subtitle: ({ barcode_length }, paper) => `${barcode_length} digits - ${paper}`,
  pages({ options: { barcode_length }, area }) {
    const digits = DIGITS[barcode_length];
    const check = checkDigit(digits);
    const column = area.width / barcode_length;
    const columns = weights(barcode_length).map((weight, index) => ({
      middle: round((index + 0.5) * column),
      left: round(index * column),
      digit: digits[index],
      weight,
      product: weight * Number(digits[index]),
    }));
    const sum = columns.reduce((total, { product }) => total + product, 0);
    return [
      {
        tops: stack(area),
        module: MODULE,
        barcodeLeft: round((area.width - MODULES * MODULE) / 2),
        ...drawBars(`${digits}${check}`, barcode_length),
        columns,
        column: round(column),
        checkMiddle: round(area.width - column / 2),
        products: columns.map(({ product }) => product).join(' + '),
        sum,
        check,
        total: sum + check,
      },
    ];
  },
});

/** Where each part of the poster begins. */
function stack(area: Area): Record<keyof typeof PARTS, number> {
  const heights = Object.values(PARTS);
  const gap = (area.height - heights.reduce((total, height) => total + height)) / (heights.length - 1);
  let top = 0;
  const tops = Object.entries(PARTS).map(([part, height]) => {
    const begin = top;
    top += height + gap;
    return [part, round(begin)] as const;
  });
  return Object.fromEntries(tops) as Record<keyof typeof PARTS, number>;
}

function drawBars(code: string, length: 12 | 13) {
  const { guards, texts } = LAYOUTS[length];
  const bars = [...barcodeModules(code).matchAll(/1+/g)].map(({ index, 0: bar }) => {
    const isGuard = guards.some(([from = 0, to = 0]) => index >= from && index < to);
    return `M${index} 0h${bar.length}v${isGuard ? BAR + GUARD : BAR}h-${bar.length}z`;
  });
  return {
    bars: bars.join(''),
    // The check digit is shown in another colour.
    texts: texts.map(({ x, from, to }) => ({
      x,
      digits: code.slice(from, Math.min(to, length - 1)),
      last: to === length,
    })),
  };
}
