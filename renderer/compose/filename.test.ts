import { expect, test } from '@jest/globals';
import { documentFilename } from './filename.ts';

test('names a document after its resource and subtitle', () => {
  expect(documentFilename('Binary Cards (small)', '4 bits - a4')).toBe(
    'Binary Cards (small) (4 bits - a4).pdf',
  );
  expect(documentFilename('Ngā kāri', 'whā - a4')).toBe('Ngā kāri (whā - a4).pdf');
});

test.each(['../../etc/passwd', 'a/b\\c', 'a\0b\nc\u0085', 'a:b*c?"<>|', ' . ', 'CON'])(
  '%j is made safe',
  (name) => {
    const filename = documentFilename(name, 'a4');
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(filename).not.toMatch(/[\u0000-\u001f\u0080-\u009f/\\:*?"<>|]/);
    expect(filename).toMatch(/^[^.\s].* \(a4\)\.pdf$|^\(a4\)\.pdf$/);
  },
);

test('long names are cut to what file systems take, subtitle and ending kept, no character halved', () => {
  for (const letter of ['x', 'ā', '漢', '🐢']) {
    const filename = documentFilename(letter.repeat(500), '1 to 9 - letter');
    expect(Buffer.byteLength(filename)).toBeLessThanOrEqual(255);
    expect(filename).toMatch(/ \(1 to 9 - letter\)\.pdf$/);
    expect(filename.isWellFormed()).toBe(true);
  }
});
