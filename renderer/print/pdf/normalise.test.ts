import { expect, test } from '@jest/globals';
import { normalisePdf } from './normalise.ts';

test('two printings of a document become the same, byte for byte and at the same length', () => {
  const printed = (date: string) =>
    Buffer.from(
      `%PDF-1.4\n<</Title (a)/CreationDate (D:${date}+00'00')\n/ModDate (D:${date}+00'00')>>\nthe rest`,
    );
  const first = printed('20261124102309');
  const length = first.length;
  expect(normalisePdf(first)).toEqual(normalisePdf(printed('20270101000000')));
  expect(first.length).toBe(length);
  expect(first.toString()).toContain("(D:20000101000000+00'00')");
});

test('a document without dates stays as it is', () => {
  expect(normalisePdf(Buffer.from('%PDF-1.4 nothing')).toString()).toBe('%PDF-1.4 nothing');
});
