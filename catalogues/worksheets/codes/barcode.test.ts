import { describe, expect, test } from '@jest/globals';
import { barcodeModules, checkDigit, weights } from './barcode.ts';

/** The widths of bars and spaces of the ten digits, as scanners' manuals list them: space, bar, space, bar. */
const WIDTHS = ['3211', '2221', '2122', '1411', '1132', '1231', '1114', '1312', '1213', '3112'];
const FIRST_DIGITS = 'OOOOOO OOEOEE OOEEOE OOEEEO OEOOEE OEEOOE OEEEOO OEOEOE OEOEEO OEEOEO'.split(' ');

/** Reads a barcode as a scanner does, from the widths of its bars and spaces. */
function scan(modules: string): string {
  const runs = (part: string) => (part.match(/0+|1+/g) ?? []).map((run) => run.length).join('');
  expect([modules.slice(0, 3), modules.slice(45, 50), modules.slice(92)]).toEqual(['101', '01010', '101']);
  const digits = (from: number) =>
    Array.from({ length: 6 }, (_, index) => runs(modules.slice(from + 7 * index, from + 7 * index + 7)));
  const left = digits(3).map((widths) => {
    const odd = WIDTHS.indexOf(widths);
    return odd >= 0 ? { parity: 'O', digit: odd } : { parity: 'E', digit: WIDTHS.indexOf(reverse(widths)) };
  });
  const right = digits(50).map((widths) => WIDTHS.indexOf(widths));
  const first = FIRST_DIGITS.indexOf(left.map(({ parity }) => parity).join(''));
  return [first, ...left.map(({ digit }) => digit), ...right].join('');
}

function reverse(text: string): string {
  return Array.from(text).reverse().join('');
}

test.each([
  ['03600029145', 2],
  ['400638133393', 1],
  ['978030640615', 7],
  ['501234567890', 0],
])('the check digit of %s is %d', (digits, expected) => {
  expect(checkDigit(digits)).toBe(expected);
});

test('the digit before the check digit counts three times, and every second one before it', () => {
  expect(weights(12)).toEqual([3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
  expect(weights(13)).toEqual([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
});

describe('bars', () => {
  test.each(Array.from({ length: 10 }, (_, first) => `${first}12345678906`.slice(0, 12)))(
    'a scanner reads %s… with its check digit',
    (digits) => {
      const code = `${digits}${checkDigit(digits)}`;
      expect(scan(barcodeModules(code))).toBe(code);
    },
  );

  test('a code of twelve digits is read as one of thirteen that begins with 0', () => {
    const modules = barcodeModules('036000291452');
    expect(modules).toHaveLength(95);
    expect(scan(modules)).toBe('0036000291452');
  });

  test.each(['', '1234', '12345678901234', '03600029145X'])('%p is refused', (code) => {
    expect(() => barcodeModules(code)).toThrow(RangeError);
  });

  test('a wrong check digit is refused', () => {
    expect(() => barcodeModules('036000291453')).toThrow('should be 2');
  });
});
