import { expect, test } from '@jest/globals';
import { jobBadges } from './job-badges.ts';
import { createRandom } from '../../../renderer/catalogue/random.ts';

const ART_RADIUS = 41;

test.each([
  ['A4', 190, 267],
  ['US Letter with header text', 195.9, 237],
])('each role has two badges, apart from all others, on %s', (_paper, width, height) => {
  const plan = jobBadges.plan({});
  if (plan.faults) throw new Error(plan.faults.join());
  const pages = plan.value.pages(createRandom('seed'), { width, height });
  expect(pages).toHaveLength(1);
  const badges = pages[0]?.badges as { role: string; x: number; y: number }[];
  const radius = ART_RADIUS * (pages[0]?.scale as number);
  expect(badges.map(({ role }) => role).sort()).toEqual([
    'Bot',
    'Bot',
    'Programmer',
    'Programmer',
    'Tester',
    'Tester',
  ]);
  for (const [index, { x, y }] of badges.entries()) {
    expect(Math.min(x, y, width - x, height - y)).toBeGreaterThan(radius);
    for (const other of badges.slice(index + 1)) {
      expect(Math.hypot(other.x - x, other.y - y)).toBeGreaterThan(2 * radius);
    }
  }
});
