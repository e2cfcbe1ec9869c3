import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { z } from 'zod';
import { choice } from '../renderer/catalogue/options.ts';
import { defineResource } from '../renderer/catalogue/resource.ts';
import { chosenOptions, resourceOptions } from './resource-options.ts';

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

function parse(...argv: string[]): Record<string, unknown> {
  const command = new Command();
  for (const option of resourceOptions(resource)) command.addOption(option);
  return chosenOptions(resource, command.parse(argv, { from: 'user' }).opts());
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

test('a switch can be given bare, and be turned round', () => {
  expect(planned('--dot-counts')).toMatchObject({ dot_counts: true });
  expect(planned('--no-dot-counts')).toMatchObject({ dot_counts: false });
});

test('a value that is not allowed is left for the task check, which names what is', () => {
  expect(resource.plan(parse('--number-bits', '7')).faults).toEqual([
    'number_bits is "7", allowed: 4, 8, 12',
  ]);
});
