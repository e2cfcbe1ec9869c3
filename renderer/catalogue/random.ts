import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Random numbers; the same seed gives the same sequence on every machine. */
export interface Random {
  /** A whole number from `min` to `max`, both included, all equally likely. */
  integer(min: number, max: number): number;
  /** `count` different whole numbers from `min` to `max`, in the order drawn. */
  distinct(count: number, min: number, max: number): number[];
  /** The same items in random order. */
  shuffle<T>(items: readonly T[]): T[];
  /** Whether any number has been drawn. */
  readonly drawn: boolean;
}

/**
 * Creates a random generator from a seed, which may be any text: xoroshiro128+ started from the seed's SHA-256. Its
 * functions throw a RangeError for bounds that are not whole numbers or that hold too few of them.
 */
export function createRandom(seed: string): Random {
  const digest = createHash('sha256').update(seed).digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
  let drawn = false;

  const integer = (min: number, max: number): number => {
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min > max) {
      throw new RangeError(`no whole number lies between ${min} and ${max}`);
    }
    drawn = true;
    return uniformInt(generator, min, max);
  };
  return {
    integer,
    distinct(count, min, max) {
      if (!(count <= max - min + 1))
        throw new RangeError(`there are no ${count} different whole numbers from ${min} to ${max}`);
      const numbers = new Set<number>();
      while (numbers.size < count) numbers.add(integer(min, max));
      return [...numbers];
    },
    // Fisher–Yates: each place gets one of the remaining items.
    shuffle<T>(items: readonly T[]): T[] {
      const left = [...items];
      return items.map(() => left.splice(integer(0, left.length - 1), 1)[0] as T);
    },
    get drawn() {
      return drawn;
    },
  };
}
