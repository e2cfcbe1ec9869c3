import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { choice } from './options.ts';
import { usualOptions, usualValue } from './usual-options.ts';

test('a built-in resource: the first allowed value, switches off', () => {
  const schema = z.object({ bits: choice(4, 8), counts: choice(true, false), only: choice('one') });
  expect(usualOptions({ optionsSchema: z.toJSONSchema(schema) })).toEqual({
    bits: 4,
    counts: false,
    only: 'one',
  });
});

test.each([
  [{ type: 'boolean', default: true }, true],
  [{ type: 'boolean' }, false],
  [{ enum: ['a', 'b'], default: 'b' }, 'b'],
  [{ type: 'integer', examples: [7], minimum: 2 }, 7],
  [{ type: 'integer', minimum: 2 }, 2],
  [{ type: 'number' }, 0],
  [{ type: 'string' }, ''],
])("a user's option %j: %j", (schema, value) => {
  expect(usualValue(schema)).toBe(value);
});

test('a resource without options', () => {
  expect(usualOptions({ optionsSchema: {} })).toEqual({});
});
