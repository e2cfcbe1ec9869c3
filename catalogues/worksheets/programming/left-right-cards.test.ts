import { expect, test } from '@jest/globals';
import { leftRightCards } from './left-right-cards.ts';
import { createRandom } from '../../../renderer/catalogue/random.ts';

test('one page of four rows, a left and a right card in each, that fill the page', () => {
  const plan = leftRightCards.plan({});
  if (plan.faults) throw new Error(plan.faults.join());
  const pages = plan.value.pages(createRandom('seed'), { width: 190, height: 267 });
  expect(pages).toEqual([{ card: { width: 95, height: 66.75 }, tops: [0, 66.75, 133.5, 200.25] }]);
  expect(plan.value.subtitle('letter')).toBe('letter');
});
