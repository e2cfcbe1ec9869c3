import { describe, expect, test } from '@jest/globals';
import { dotGrid } from './dot-grid.ts';

const ROOM = { width: 60, height: 80 };

describe.each([0, 1, 2, 3, 4, 5, 6, 7, 11])('2 ** %d dots', (exponent) => {
  const { cell, blocks, dots } = dotGrid(exponent, ROOM, 30);
  const centres = blocks.flatMap(({ x, y }) =>
    [...dots.matchAll(/M([\d.]+) ([\d.]+)/g)].map(([, left, top]) => ({
      x: x + cell * Number(left),
      y: y + cell * Number(top),
    })),
  );

  test('are as many, all in different places', () => {
    expect(new Set(centres.map((centre) => JSON.stringify(centre))).size).toBe(2 ** exponent);
  });

  test('stand within the room, centred', () => {
    const [left, right] = [Math.min, Math.max].map((end) => end(...centres.map((centre) => centre.x)));
    const [top, bottom] = [Math.min, Math.max].map((end) => end(...centres.map((centre) => centre.y)));
    expect(Number(left) - cell / 2).toBeGreaterThanOrEqual(-0.01);
    expect(Number(top) - cell / 2).toBeGreaterThanOrEqual(-0.01);
    expect(Number(left) + Number(right)).toBeCloseTo(ROOM.width, 1);
    expect(Number(top) + Number(bottom)).toBeCloseTo(ROOM.height, 1);
  });
});

test('no cell is larger than asked for', () => {
  expect(dotGrid(0, ROOM, 30).cell).toBe(30);
  expect(dotGrid(0, ROOM, 100).cell).toBe(60);
});
