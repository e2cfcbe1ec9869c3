import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Standalone, runClient } from './standalone-process.ts';

jest.setTimeout(240_000);

const examples = join(import.meta.dirname, '../../docs/examples');
const OWN = { STATIC_DIRECTORY: examples, TEMPLATE_DIRECTORY: join(examples, 'templates') };

let standalone: Standalone;
beforeAll(async () => {
  standalone = await Standalone.create();
  await standalone.start(OWN);
});
afterAll(() => standalone.remove());

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderfleet-preview-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('renderfleet resources', () => {
  test('lists the built-in resources and those of the user, with their options', async () => {
    const { code, stdout } = await standalone.client('resources');
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(1 + 17 + 1);
    expect(lines.find((line) => line.startsWith('bingo '))).toMatch(
      /Bingo +size \(3, 5\); largest \(integer\); free_square \(boolean\)$/,
    );
    expect(lines.find((line) => line.startsWith('modulo-clock '))).toMatch(/modulo_number \(1, 2, 10\)$/);
  });

  test('prints JSON, one resource a line', async () => {
    const { stdout } = await standalone.client('resources', '--json');
    const listed = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { slug: string });
    expect(listed.find(({ slug }) => slug === 'grid')).toMatchObject({
      name: 'Grid',
      description: expect.any(String),
      options: { type: 'object' },
    });
  });
});

describe('renderfleet add', () => {
  test('takes the options of a resource that only the service has', async () => {
    const help = await standalone.client('add', 'bingo', '--help');
    expect(help.stdout).toMatch(/--size <value> +one of: 3, 5/);
    const wrong = await standalone.client('add', 'bingo', '--largest', '7');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('largest is "7", allowed: a whole number from 25 to 999');
    const right = await standalone.client('add', 'bingo', '--size', '5', '--wait', '-o', folder);
    expect(right).toMatchObject({ code: 0, stderr: '' });
    expect(right.stdout).toContain('Bingo (5 by 5 - 1 to 75 - a4).pdf');
  });
});

describe('renderfleet preview', () => {
  const preview = async (name: string, ...argv: string[]) => {
    const output = join(folder, name);
    const { code, stderr } = await runClient(['preview', ...argv, '-o', output], OWN);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return readFile(output);
  };

  test('draws the same for the same seed and something else for another', async () => {
    const argv = ['bingo', '--size', '5'];
    const first = await preview('1.pdf', ...argv, '--seed', 'a');
    expect((await preview('2.pdf', ...argv, '--seed', 'a')).equals(first)).toBe(true);
    expect((await preview('3.pdf', ...argv, '--seed', 'b')).equals(first)).toBe(false);
  });

  test.each([
    [['preview', 'bingo', '--size', '4'], 'size is "4", allowed: 3, 5'],
    [['preview', 'gird'], 'Resource "gird" not found; known resources: arrows, '],
    [['preview'], 'missing required argument'],
  ])('%j is refused with what is allowed', async (argv, message) => {
    const { code, stderr } = await runClient(argv, OWN);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
