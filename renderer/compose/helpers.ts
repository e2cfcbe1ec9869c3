import type { HelperDelegate, HelperOptions } from 'handlebars';
import { circle, roundedBox } from '../catalogue/drawing.ts';
import type { Random } from '../catalogue/random.ts';

const RANGE_LIMIT = 10_000;

/** The current document's random numbers, which templates use through the helpers below. */
function randomOf(options: HelperOptions): Random {
  return (options.data as { random: Random }).random;
}

/** The helpers of templates in addition to Handlebars' own. */
export const helpers: Record<string, HelperDelegate> = {
  eq: (a: unknown, b: unknown) => a === b,
  not: (a: unknown) => !a,
  add: (a: number, b: number) => a + b,
  subtract: (a: number, b: number) => a - b,
  multiply: (a: number, b: number) => a * b,
  divide: (a: number, b: number) => a / b,
  circle,
  roundedBox,
  /** Whole numbers from one to the other, both included. */
  range: (from: number, to: number) => {
    const length = to - from + 1;
    if (!(length <= RANGE_LIMIT))
      throw new RangeError(`range ${from} ${to} has more than ${RANGE_LIMIT} numbers`);
    return Array.from({ length: Math.max(0, length) }, (_, index) => from + index);
  },
  random: (min: number, max: number, options: HelperOptions) => randomOf(options).integer(min, max),
  distinct: (count: number, min: number, max: number, options: HelperOptions) =>
    randomOf(options).distinct(count, min, max),
  shuffle: (items: unknown[], options: HelperOptions) => randomOf(options).shuffle(items),
};
