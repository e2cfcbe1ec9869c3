import { z } from 'zod';
import { circle, roundedBox } from './drawing.ts';
import { choice } from './options.ts';
import { round, type Area } from './paper.ts';
import { defineResource } from './resource.ts';

/**
 * The six-input network of the activity: in each layer, pairs of wires are compared at once, and the smaller value leaves on
 * the first wire. Twelve comparators in five layers, the fewest that sort six values (Knuth, The Art of Computer
 * Programming, volume 3, section 5.3.4).
 */
export const LAYERS: readonly (readonly [number, number])[][] = [
  [
    [0, 1],
    [2, 3],
    [4, 5],
  ],
  [
    [0, 2],
    [1, 4],
    [3, 5],
  ],
  [
    [0, 1],
    [2, 3],
    [4, 5],
  ],
  [
    [1, 2],
    [3, 4],
  ],
  [[2, 3]],
];

const WIRES = [0, 1, 2, 3, 4, 5];
const VALUES = { easy: [1, 9], medium: [10, 99], hard: [100, 999] } as const;

/** Radius of a comparator and half the side of a box; like all lengths here, in millimetres. */
const RADIUS = 11.5;
const LINE = 0.7;
const INSTRUCTION_HEIGHT = 10;
const HEAD = 4;
const HEAD_ANGLE = Math.PI / 7;

interface Point {
  x: number;
  y: number;
}

/** A network to work through on paper: six numbers at the top come out in order at the bottom. */
export const sortingNetwork = defineResource({
  name: 'Sorting Network',
  options: z.object({ prefilled_values: choice('blank', 'easy', 'medium', 'hard') }),
  subtitle({ prefilled_values }, paper) {
    const values = prefilled_values === 'blank' ? 'blank' : VALUES[prefilled_values].join(' to ');
    return `${values} - ${paper}`;
  },
  pages({ options: { prefilled_values }, random, area }) {
    const { inputs, ...drawing } = draw(area);
    if (prefilled_values === 'blank') return [{ ...drawing, values: [], line: LINE }];
    const [min, max] = VALUES[prefilled_values];
    const values = random
      .distinct(inputs.length, min, max)
      .map((value, wire) => ({ value, ...inputs[wire] }));
    return [{ ...drawing, values, line: LINE }];
  },
});

/** Boxes, comparators and the arrows between them, row by row down the area, and where the inputs are. */
function draw(area: Area) {
  const pitch = area.width / WIRES.length;
  const rowHeight = (area.height - INSTRUCTION_HEIGHT - 2 * RADIUS - LINE) / (LAYERS.length + 1);
  const place = (wire: number, row: number): Point => ({
    x: round((wire + 0.5) * pitch),
    y: round(INSTRUCTION_HEIGHT + RADIUS + LINE / 2 + row * rowHeight),
  });
  const inputs = WIRES.map((wire) => place(wire, 0));
  const outputs = WIRES.map((wire) => place(wire, LAYERS.length + 1));
  const comparators: Point[] = [];
  const arrows: string[] = [];

  const ends = inputs.map(({ x, y }) => ({ x, y: y + RADIUS }));
  const connect = (wire: number, to: Point): void => {
    arrows.push(arrow(ends[wire] as Point, to));
  };
  for (const [index, layer] of LAYERS.entries()) {
    for (const [low, high] of layer) {
      const centre = place((low + high) / 2, index + 1);
      comparators.push(centre);
      for (const [wire, side] of [
        [low, -1],
        [high, 1],
      ] as const) {
        connect(wire, onCircle(centre, side, -1));
        ends[wire] = onCircle(centre, side, 1);
      }
    }
  }
  for (const [wire, { x, y }] of outputs.entries()) connect(wire, { x, y: y - RADIUS });
  return {
    inputs,
    lines: [
      ...[...inputs, ...outputs].map(({ x, y }) =>
        roundedBox(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS, 2.5),
      ),
      ...comparators.map(({ x, y }) => circle(x, y, RADIUS)),
      ...arrows,
    ].join(''),
  };
}

/** Where arrows meet a comparator: 35° to the left (-1) or right (1) of its top (-1) or bottom (1). */
function onCircle({ x, y }: Point, side: number, half: number): Point {
  const angle = (35 * Math.PI) / 180;
  return { x: x + side * RADIUS * Math.sin(angle), y: y + half * RADIUS * Math.cos(angle) };
}

/** Path data of a line and, at its end, a head of two strokes. */
function arrow(from: Point, to: Point): string {
  const direction = Math.atan2(from.y - to.y, from.x - to.x);
  const [left, right] = [direction - HEAD_ANGLE, direction + HEAD_ANGLE].map((angle) => ({
    x: to.x + HEAD * Math.cos(angle),
    y: to.y + HEAD * Math.sin(angle),
  })) as [Point, Point];
  const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
  return `M${at(from)}L${at(to)}M${at(left)}L${at(to)}L${at(right)}`;
}
