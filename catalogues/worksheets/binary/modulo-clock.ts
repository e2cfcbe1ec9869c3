import { z } from 'zod';
import { circle } from '../../../renderer/catalogue/drawing.ts';
import { choice } from '../../../renderer/catalogue/options.ts';
import { round, type Area } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

/** What stands under a face, the size of its numbers and how many marks its ring has; lengths are millimetres. */
const FACES = {
  1: { label: 'Modulo', size: 0, marks: 60 },
  2: { label: 'Modulo two', size: 34, marks: 2 },
  10: { label: 'Modulo ten', size: 24, marks: 10 },
};
/** Height under the face for the hand to cut out. */
const HAND_HEIGHT = 42;
const RING = 9;
const EDGE = 2.4;

export const moduloClock = defineResource({
  name: 'Modulo Clock',
  description: 'The face of a clock that counts from 0 to one less than its modulus, with a hand to cut out.',
  example: { modulo_number: 10 },
  options: z.object({ modulo_number: choice(1, 2, 10) }),
  subtitle: ({ modulo_number }, paper) => `${modulo_number === 1 ? 'blank' : modulo_number} - ${paper}`,
  pages: ({ options: { modulo_number }, area }) => [draw(modulo_number, area)],
});

function draw(modulus: keyof typeof FACES, area: Area) {
  const { label, size, marks } = FACES[modulus];
  const radius = (Math.min(area.width, area.height - HAND_HEIGHT) - EDGE) / 2;
  const inner = radius - RING;
  const spare = area.height - HAND_HEIGHT - 2 * radius - EDGE;
  const centre = { x: area.width / 2, y: radius + (EDGE + spare) / 2 };
  const at = (turn: number, distance: number) => ({
    x: round(centre.x + distance * Math.sin(2 * Math.PI * turn)),
    y: round(centre.y - distance * Math.cos(2 * Math.PI * turn)),
  });
  const mark = (index: number): string => {
    const [from, to] = [at(index / marks, inner), at(index / marks, radius)];
    return `M${from.x} ${from.y}L${to.x} ${to.y}`;
  };
  const counted = modulus === 1 ? 1 : marks;
  return {
    label,
    size,
    edge: EDGE,
    ring: circle(centre.x, centre.y, radius) + circle(centre.x, centre.y, inner),
    rim: circle(centre.x, centre.y, radius),
    marks: Array.from({ length: counted }, (_, index) => mark(index)).join(''),
    guides: Array.from({ length: marks - counted }, (_, index) => mark(index + 1)).join(''),
    pin: { x: round(centre.x), y: round(centre.y) },
    numbers:
      modulus === 1
        ? []
        : Array.from({ length: modulus }, (_, number) => ({
            number,
            ...at(number / modulus, inner - 0.75 * size),
          })),
    hand: { y: round(area.height - HAND_HEIGHT / 2), length: round(0.8 * inner) },
  };
}
