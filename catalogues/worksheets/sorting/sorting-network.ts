import { z } from 'zod';
import { circle, roundedBox } from '../../../renderer/catalogue/drawing.ts';
import { choice } from '../../../renderer/catalogue/options.ts';
import { round, type Area } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

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

interface Source extends Point {
  radius: number;
}

export const sortingNetwork = defineResource({
  name: 'Sorting Network',
  description: 'A network to work through on paper: six numbers at the top come out in order at the bottom.',
  example: { prefilled_values: 'medium' },
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

  // The origin of each wire's line: the bottom of an input, or the middle of the last comparator and its radius.
  const sources = inputs.map(({ x, y }) => ({ x, y: y + RADIUS, radius: 0 }));
  const connect = (wire: number, to: Point, radius: number): void => {
    arrows.push(arrow(sources[wire] as Source, to, radius));
  };
  for (const [index, layer] of LAYERS.entries()) {
    for (const [low, high] of layer) {
      const centre = place((low + high) / 2, index + 1);
      comparators.push(centre);
      for (const wire of [low, high]) {
        connect(wire, centre, RADIUS);
        sources[wire] = { ...centre, radius: RADIUS };
      }
    }
  }
  for (const [wire, { x, y }] of outputs.entries()) connect(wire, { x, y: y - RADIUS }, 0);
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

/**
 * Path data of a line from one middle to another, without `radius` at both ends, so that it meets comparators at right
 * angles, and of a head of two strokes.
 */
function arrow(from: Source, middle: Point, radius: number): string {
  const direction = Math.atan2(from.y - middle.y, from.x - middle.x);
  const along = (start: Point, angle: number, distance: number): Point => ({
    x: start.x + distance * Math.cos(angle),
    y: start.y + distance * Math.sin(angle),
  });
  const start = along(from, direction, -from.radius);
  const to = along(middle, direction, radius);
  const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
  const barb = (turn: number): string => at(along(to, direction + turn, HEAD));
  return `M${at(start)}L${at(to)}M${barb(-HEAD_ANGLE)}L${at(to)}L${barb(HEAD_ANGLE)}`;
}
