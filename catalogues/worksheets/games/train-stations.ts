import { z } from 'zod';
import { choice } from '../../../renderer/catalogue/options.ts';
import { circle } from '../../../renderer/catalogue/drawing.ts';
import { round } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

interface Point {
  x: number;
  y: number;
}

interface Station extends Point {
  name: string;
  art: string;
  /** Where the middle of the art's foot stands. */
  foot: Point;
}

/** Stations of a map of 260 × 165, clockwise from the left. */
const STATIONS: readonly Station[] = [
  { name: 'Pebble Bay', x: 29, y: 86, art: 'lighthouse', foot: { x: 20, y: 81 } },
  { name: 'Owl Wood', x: 72, y: 44, art: 'wood', foot: { x: 72, y: 39 } },
  { name: 'Castle Hill', x: 188, y: 44, art: 'castle', foot: { x: 188, y: 39 } },
  { name: 'Windmill Green', x: 231, y: 86, art: 'windmill', foot: { x: 244, y: 81 } },
  { name: 'Market Square', x: 188, y: 122, art: 'market', foot: { x: 188, y: 151 } },
  { name: 'Apple Farm', x: 72, y: 122, art: 'farm', foot: { x: 70, y: 151 } },
];
const START = 0;
const GOAL = 2;

const LINES = [
  { name: 'A', colour: '#8cc4ea' },
  { name: 'B', colour: '#ffc94d' },
] as const;

/** Where each line's train goes from each station: a finite automaton of six states and two inputs. */
export const TRACKS = {
  circular: { A: [1, 2, 3, 4, 5, 0], B: [5, 0, 1, 2, 3, 4] },
  twisted: { A: [1, 4, 5, 2, 3, 0], B: [5, 0, 1, 4, 2, 4] },
} as const;

/** Art beside the tracks; `flip` is -1 for what looks to the left. */
const SCENERY = {
  circular: [
    { art: 'lake', x: 130, y: 84, flip: 1 },
    { art: 'train', x: 106, y: 113.4, flip: 1 },
    ...trees([88, 84], [176, 98], [106, 152], [154, 152]),
  ],
  twisted: [
    { art: 'train', x: 104, y: 50, flip: -1 },
    ...trees([96, 90], [164, 90], [130, 107], [106, 150], [154, 150], [140, 38]),
  ],
};

/** How far a track bows to the left of its direction, which separates the two ways between two stations. */
const BOW = 9;
const BADGE_RADIUS = 4;
/** Longer tracks cross others in their middle: they are straight and carry their badge before it. */
const LONG = 130;

export const trainStations = defineResource({
  name: 'Train Stations',
  description:
    'A map to travel by: at every station two trains leave, A and B, and what matters is which ones are taken.',
  landscape: true,
  options: z.object({ tracks: choice('circular', 'twisted') }),
  subtitle: ({ tracks }, paper) => `${tracks} tracks - ${paper}`,
  pages({ options: { tracks } }) {
    const lines = LINES.map(({ name, colour }) => {
      const rides = TRACKS[tracks][name].map((to, from) => ride(at(from), at(to)));
      return {
        name,
        colour,
        paths: rides.map(({ path }) => path),
        arrows: rides.map(({ arrow }) => arrow).join(''),
        badges: rides.map(({ badge }) => circle(badge.x, badge.y, BADGE_RADIUS)).join(''),
        places: rides.map(({ badge }) => badge),
      };
    });
    return [
      {
        lines,
        arrows: lines.map(({ arrows }) => arrows).join(''),
        scenery: SCENERY[tracks],
        stations: STATIONS.map((station) => ({ ...station, ...plate(station) })),
        start: at(START).name,
        goal: at(GOAL).name,
      },
    ];
  },
});

function at(index: number): Station {
  const station = STATIONS[index];
  if (!station) throw new RangeError(`there is no station ${index}`);
  return station;
}

/** The plate that a station's name stands on. */
function plate({ name, x }: Station) {
  const width = name.length * 3.1 + 9;
  return { width, left: round(x - width / 2) };
}

/** A track as a quadratic curve, with the place of its badge and an arrowhead a little further on. */
function ride(from: Point, to: Point) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  const [bow, t] = length > LONG ? [0, 0.3] : [BOW, 0.46];
  const control = {
    x: round((from.x + to.x) / 2 + (2 * bow * dy) / length),
    y: round((from.y + to.y) / 2 - (2 * bow * dx) / length),
  };
  const along = (part: number, axis: 'x' | 'y') =>
    round((1 - part) ** 2 * from[axis] + 2 * part * (1 - part) * control[axis] + part ** 2 * to[axis]);
  const point = (part: number) => ({ x: along(part, 'x'), y: along(part, 'y') });
  return {
    badge: point(t),
    path: `M${from.x} ${from.y}Q${control.x} ${control.y} ${to.x} ${to.y}`,
    arrow: arrowhead(point(t + (BADGE_RADIUS + 1) / length), point(t + (BADGE_RADIUS + 7) / length)),
  };
}

function arrowhead(tail: Point, tip: Point): string {
  const [dx, dy] = [(tip.x - tail.x) / 2, (tip.y - tail.y) / 2];
  const [left, right] = [
    `${round(tail.x + dy)} ${round(tail.y - dx)}`,
    `${round(tail.x - dy)} ${round(tail.y + dx)}`,
  ];
  return `M${tip.x} ${tip.y}L${left}L${right}z`;
}

function trees(...places: [x: number, y: number][]) {
  return places.map(([x, y]) => ({ art: 'tree', x, y, flip: 1 }));
}
