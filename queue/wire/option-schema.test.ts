import { expect, test } from '@jest/globals';
import { allowedText, fromText, isSwitch, usualValue } from './option-schema.ts';

test.each([
  [{ enum: [4, 8] }, 4],
  [{ enum: [true, false] }, false],
  [{ const: 'one' }, 'one'],
  [{ type: 'boolean', default: true }, true],
  [{ type: 'boolean' }, false],
  [{ enum: ['a', 'b'], default: 'b' }, 'b'],
  [{ type: 'integer', examples: [7], minimum: 2 }, 7],
  [{ type: 'integer', minimum: 2 }, 2],
  [{ type: 'number' }, 0],
  [{ type: 'string' }, ''],
])('the usual value of %j is %j', (schema, value) => {
  expect(usualValue(schema)).toBe(value);
});

test.each([
  [{ enum: [4, 8] }, '8', 8],
  [{ enum: [4, 8] }, '7', '7'],
  [{ enum: ['black', 'red'] }, 'Red', 'red'],
  [{ type: 'boolean' }, 'yes', true],
  [{ enum: [true, false] }, 'False', false],
  [{ type: 'integer' }, '12', 12],
  [{ type: 'integer' }, '', ''],
  [{ type: 'number' }, 'many', 'many'],
  [{ type: 'string' }, '12', '12'],
  [{ enum: [null] }, 'null', 'null'],
])('where the schema is %j, %j stands for %j', (schema, text, value) => {
  expect(fromText(schema, text)).toBe(value);
});

test('an option with the values true and false is a switch', () => {
  expect([{ type: 'boolean' }, { enum: [true, false] }, { const: true }].every(isSwitch)).toBe(true);
  expect([{ type: 'string' }, { enum: [true, 1] }].some(isSwitch)).toBe(false);
});

test.each([
  [{ enum: [4, 8, 12] }, '4, 8, 12'],
  [{ type: 'integer', minimum: 1, maximum: 500 }, 'a whole number from 1 to 500'],
  [{ type: 'string', description: 'a title', default: 'x' }, '{"type":"string"}'],
])('what %j allows is "%s"', (schema, text) => {
  expect(allowedText(schema)).toBe(text);
});
