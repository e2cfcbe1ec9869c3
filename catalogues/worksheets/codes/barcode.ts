/** Seven modules for each digit left of the centre with odd parity; GS1 General Specifications, section 5.2 (EAN/UPC symbols). */
const ODD = [
  '0001101',
  '0011001',
  '0010011',
  '0111101',
  '0100011',
  '0110001',
  '0101111',
  '0111011',
  '0110111',
  '0001011',
];
/** Digits right of the centre. */
const RIGHT = ODD.map((modules) => modules.replace(/./g, (module) => (module === '0' ? '1' : '0')));
/** Digits left of the centre with even parity. */
const EVEN = RIGHT.map((modules) => Array.from(modules).reverse().join(''));
/** By the first of thirteen digits, which has no bars of its own: where even parity (1) stands among the next six. */
const PARITIES = [
  '000000',
  '001011',
  '001101',
  '001110',
  '010011',
  '011001',
  '011100',
  '010101',
  '010110',
  '011010',
];
const GUARD = '101';
const CENTRE = '01010';

/**
 * What each digit before the check digit is multiplied by: 3 and 1 in turn, so that the last of them gets 3.
 * `length` counts the check digit too.
 */
export function weights(length: number): number[] {
  return Array.from({ length: length - 1 }, (_, index) => ((length - index) % 2 === 0 ? 3 : 1));
}

/** The digit that brings the weighted sum of the digits before it to a multiple of ten; GS1 General Specifications, section 7.9. */
export function checkDigit(digits: string): number {
  const factors = weights(digits.length + 1);
  const sum = factors.reduce((total, factor, index) => total + factor * Number(digits[index]), 0);
  return (10 - (sum % 10)) % 10;
}

/**
 * The 95 modules of a barcode from left to right, 1 for a bar: EAN-13 for thirteen digits, UPC-A for twelve. Throws a
 * RangeError when the code is neither or its check digit is wrong.
 */
export function barcodeModules(code: string): string {
  if (!/^\d{12,13}$/.test(code)) throw new RangeError(`${code} is not 12 or 13 digits`);
  const expected = checkDigit(code.slice(0, -1));
  if (Number(code.at(-1)) !== expected)
    throw new RangeError(`the check digit of ${code} should be ${expected}`);
  // A UPC-A code is an EAN-13 code whose first digit is 0.
  const [first, ...digits] = Array.from(code.padStart(13, '0'), Number) as [number, ...number[]];
  const left = digits
    .slice(0, 6)
    .map((digit, index) => (PARITIES[first]?.[index] === '1' ? EVEN : ODD)[digit]);
  const right = digits.slice(6).map((digit) => RIGHT[digit]);
  return [GUARD, ...left, CENTRE, ...right, GUARD].join('');
}
