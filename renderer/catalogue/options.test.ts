import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { check, choice } from './options.ts';

const schema = z.object({
  bits: choice(4, 8),
  back: choice(true, false),
  range: choice('cards', 99, 'blank'),
});

describe('choice', () => {
  test.each([
    { bits: 8, back: true, range: 99 },
    { bits: '8', back: 'True', range: '99' },
    { bits: ' 8 ', back: 'yes', range: 99 },
  ])('reads %j', (given) => {
    expect(check(schema, given)).toEqual({ value: { bits: 8, back: true, range: 99 } });
  });

  test.each([5, '5', '', 8.5, null, [8], { 8: 8 }, true])('refuses %j with what is allowed', (bits) => {
    expect(check(schema, { bits, back: 'no', range: 'blank' })).toEqual({
      faults: [`bits is ${JSON.stringify(bits)}, allowed: 4, 8`],
    });
  });

  test('has a JSON Schema that lists its values', () => {
    expect(z.toJSONSchema(schema).properties).toMatchObject({
      bits: { enum: [4, 8] },
      back: { enum: [true, false] },
      range: { enum: ['cards', 99, 'blank'] },
    });
  });
});

test('all faults are named, including missing options, and long values are cut', () => {
  expect(check(schema, { back: 'x'.repeat(1000) })).toEqual({
    faults: [
      'bits is missing, allowed: 4, 8',
      `back is "${'x'.repeat(79)}…, allowed: true, false`,
      'range is missing, allowed: cards, 99, blank',
    ],
  });
});
