import { expect, test } from '@jest/globals';
import { binaryToAlphabet } from './binary-to-alphabet.ts';
import { createRandom } from '../../../renderer/catalogue/random.ts';

interface Row {
  number: number;
  answer?: { binary: string; letter: string };
}

function groupsOf(worksheet_version: string): Row[][] {
  const plan = binaryToAlphabet.plan({ worksheet_version });
  if (plan.faults) throw new Error(plan.faults.join());
  const [page] = plan.value.pages(createRandom('seed'), { width: 190, height: 267 });
  return (page?.groups as { rows: Row[] }[]).map(({ rows }) => rows);
}

test.each(['student', 'teacher'])('the %s version lists 0 to 26 in three groups', (version) => {
  const groups = groupsOf(version);
  expect(groups.map((rows) => rows.length)).toEqual([9, 9, 9]);
  expect(groups.flat().map(({ number }) => number)).toEqual(Array.from({ length: 27 }, (_, index) => index));
});

test('the teacher has all answers', () => {
  const rows = groupsOf('teacher').flat();
  for (const { number, answer } of rows) expect(parseInt(answer?.binary ?? '', 2)).toBe(number);
  expect(new Set(rows.map(({ answer }) => answer?.binary.length))).toEqual(new Set([5]));
  expect(rows.map(({ answer }) => answer?.letter).join('')).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  expect(rows[0]?.answer?.letter).toBe('');
});

test('the student has none', () => {
  expect(
    groupsOf('student')
      .flat()
      .filter(({ answer }) => answer),
  ).toEqual([]);
});
