import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { z } from 'zod';
import { choice } from '../renderer/catalogue/options.ts';
import { defineResource } from '../renderer/catalogue/resource.ts';
import { Catalogue } from './catalogue.ts';
import { chosenOptions, namedValues, resourceOptions, TaskCheck } from './options.ts';

const resource = defineResource({
  name: 'Example',
  options: z.object({
    number_bits: choice(4, 8, 12),
    dot_counts: choice(true, false),
    back: choice('black', 'red'),
  }),
  subtitle: () => '',
  pages: () => [{}],
});
const catalogue = new Catalogue({
  task: { properties: { copies: { type: 'integer', minimum: 1, maximum: 500 }, resource_view: {} } },
  resources: [
    { slug: 'example', name: resource.name, options: resource.optionsSchema },
    {
      slug: 'own',
      name: 'Own',
      options: { properties: { size: { enum: [3, 5] } }, required: ['size'], additionalProperties: false },
    },
  ],
});
const listed = catalogue.find('example');

function parse(...argv: string[]): Record<string, unknown> {
  const command = new Command();
  for (const option of resourceOptions(listed)) command.addOption(option);
  return chosenOptions(listed, command.parse(argv, { from: 'user' }).opts());
}

/** What the resource makes of the options that the command line gives. */
function planned(...argv: string[]): unknown {
  const plan = resource.plan(parse(...argv));
  if (plan.faults) throw new Error(plan.faults.join());
  return plan.value.options;
}

test('options left out take the first allowed value, switches are off', () => {
  expect(planned()).toEqual({ number_bits: 4, dot_counts: false, back: 'black' });
});

test('options are named as in a task, with dashes', () => {
  expect(planned('--number-bits', '12', '--dot-counts', 'false', '--back', 'red')).toEqual({
    number_bits: 12,
    dot_counts: false,
    back: 'red',
  });
});

test('a switch may stand without a value, and --no- turns it off', () => {
  expect(planned('--dot-counts')).toMatchObject({ dot_counts: true });
  expect(planned('--no-dot-counts')).toMatchObject({ dot_counts: false });
});

test('a value that is not allowed is left for the task check, which names what is', () => {
  expect(resource.plan(parse('--number-bits', '7')).faults).toEqual([
    'number_bits is "7", allowed: 4, 8, 12',
  ]);
});

describe('the check of a task', () => {
  const example = { resource_view: 'example', number_bits: 4, dot_counts: true, back: 'red' };

  test.each([
    [{ ...example, copies: '3', number_bits: '8', dot_counts: 'Yes', back: 'Red' }],
    [{ ...example, more: 'ignored' }],
    [{ resource_view: 'own', size: 5 }],
  ])('accepts %j', async (payload) => {
    const check = await TaskCheck.create(catalogue);
    expect(() => {
      check.check(payload);
    }).not.toThrow();
  });

  test.each([
    [{ ...example, number_bits: '7' }, 'number_bits is "7", allowed: 4, 8, 12'],
    [{ ...example, copies: 0 }, 'copies is 0, allowed: a whole number from 1 to 500'],
    [{ ...example, copies: '' }, 'copies is "", allowed: a whole number from 1 to 500'],
    [{ resource_view: 'own' }, 'size is missing, allowed: 3, 5'],
    [{ resource_view: 'own', size: 3, siez: 5 }, 'siez is not an option, allowed: size'],
    [{ resource_view: 'gone' }, 'Resource "gone" not found; known resources: example, own.'],
  ])('refuses %j', async (payload, message) => {
    const check = await TaskCheck.create(catalogue);
    expect(() => {
      check.check(payload);
    }).toThrow(message);
  });
});

test('named values are JSON or text, and the last one of a name counts', () => {
  const values = ['size=3', 'size=5', 'title=Room 12 = ours', 'free=true', 'id="7"'].reduce(
    (earlier: Record<string, unknown>, text) => namedValues(text, earlier),
    {},
  );
  expect(values).toEqual({ size: 5, title: 'Room 12 = ours', free: true, id: '7' });
  expect(() => namedValues('size', {})).toThrow('name=value');
});
