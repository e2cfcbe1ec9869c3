import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { choice } from './options.ts';
import { usualOptions } from './usual-options.ts';

test('a built-in resource: the first allowed value, switches off', () => {
  const schema = z.object({ bits: choice(4, 8), counts: choice(true, false), only: choice('one') });
  expect(usualOptions({ optionsSchema: z.toJSONSchema(schema) })).toEqual({
    bits: 4,
    counts: false,
    only: 'one',
  });
});

test('a resource without options', () => {
  expect(usualOptions({ optionsSchema: {} })).toEqual({});
});
