import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { worksheets } from '../../catalogues/worksheets/worksheets.ts';
import { Catalogue } from '../../renderer/catalogue/catalogue.ts';
import { createComposer } from '../../renderer/compose/compose.ts';
import { StaticFiles } from '../../renderer/catalogue/static-files.ts';
import { EXPECTED_DOCUMENTS, optionsOf, taskOf } from './support/expected-documents.ts';

jest.setTimeout(60_000);

const root = join(import.meta.dirname, '../../static');
const files = new StaticFiles({ directories: [root], cacheBytes: 2 ** 26 });
const templates = new StaticFiles({ directories: [join(root, 'templates')], cacheBytes: 2 ** 20 });
const compose = createComposer({ catalogue: new Catalogue(files, worksheets), files, templates });

const BAD = ['nothing listed', -1, 3.5, '', null, [], {}];

/** Every option of every document, with the values it allows. */
const OPTIONS = EXPECTED_DOCUMENTS.flatMap((expected) =>
  Object.entries(expected.options).map(
    ([key, allowed]) => [expected.slug, key, allowed.join(', '), expected] as const,
  ),
);

describe.each(OPTIONS)('%s: %s is one of %s', (_slug, key, allowed, expected) => {
  const [options = {}] = optionsOf(expected);
  const task = taskOf(expected, options);
  const refused = (given: unknown, said: string) =>
    expect(compose({ ...task, [key]: given }, 'seed')).rejects.toMatchObject({
      name: 'TaskError',
      message: `The task cannot be rendered: ${key} is ${said}, allowed: ${allowed}`,
    });

  test('and is required', async () => {
    await refused(undefined, 'missing');
  });

  test.each(BAD)('and not %j', async (value) => {
    await refused(value, JSON.stringify(value));
  });

  test('and may be text, as a web form sends it', async () => {
    for (const value of expected.options[key] ?? []) {
      const written = value === true ? 'True' : value === false ? 'False' : String(value);
      const given = await compose({ ...task, [key]: written }, 'seed');
      expect(given).toEqual(await compose({ ...task, [key]: value }, 'seed'));
    }
  });
});

test('every wrong or missing option of a task is reported at once', async () => {
  for (const expected of EXPECTED_DOCUMENTS) {
    const keys = Object.keys(expected.options);
    if (keys.length === 0) continue;
    const faults = keys.map((key) => `${key} is missing, allowed: ${expected.options[key]?.join(', ')}`);
    await expect(compose(taskOf(expected, {}), 'seed')).rejects.toThrow(faults.join('; '));
  }
});
