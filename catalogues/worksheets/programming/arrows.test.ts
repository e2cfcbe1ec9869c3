import { expect, test } from '@jest/globals';
import { arrows } from './arrows.ts';
import { createRandom } from '../../../renderer/catalogue/random.ts';

test.each([
  ['A4', 190, 267],
  ['US Letter with header text', 195.9, 237],
])('every arrow stands in a card of its own on %s', (_paper, width, height) => {
  const plan = arrows.plan({});
  if (plan.faults) throw new Error(plan.faults.join());
  const pages = plan.value.pages(createRandom('seed'), { width, height });
  expect(pages).toHaveLength(1);
  const cards = pages[0]?.cards as { x: number; y: number; scale: number; art: string }[];
  expect(cards).toHaveLength(19);
  expect(new Set(cards.map(({ art }) => art)).size).toBe(7);
  for (const { x, y, scale } of cards) {
    expect(Math.min(x, y)).toBeGreaterThan(0);
    expect(x + 40 * scale).toBeLessThan(width);
    expect(y + 40 * scale).toBeLessThan(height);
    const others = cards.filter((other) => other.x !== x || other.y !== y);
    for (const other of others) {
      const apart = Math.max(Math.abs(other.x - x), Math.abs(other.y - y));
      expect(apart).toBeGreaterThan(40 * Math.min(scale, other.scale));
    }
  }
});
