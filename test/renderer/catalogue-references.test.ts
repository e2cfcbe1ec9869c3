import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import { openTaskPrinter, type TaskPrinter } from '../harness/printer.ts';
import { EXPECTED_DOCUMENTS, taskOf, type Options } from './support/expected-documents.ts';
import { differences, fromPng, pictureOf, toPng } from './support/images.ts';

jest.setTimeout(120_000);

const FOLDER = join(import.meta.dirname, 'reference');
/** Other versions of Chromium and poppler shift some edges; a missing digit makes a larger difference. */
const ALLOWED_PIXELS = 8;
const LARGEST_REFERENCE = 21 * 1024;

/** One combination of options for each resource, with its most telling page. */
const SHOWN: [slug: string, options: Options, page: number][] = [
  ['arrows', {}, 1],
  ['barcode-checksum-poster', { barcode_length: 13 }, 1],
  ['binary-cards', { display_numbers: true, black_back: false }, 5],
  ['binary-cards-small', { number_bits: 12, dot_counts: true, black_back: false }, 2],
  ['binary-to-alphabet', { worksheet_version: 'teacher' }, 1],
  ['binary-windows', { number_bits: 8, value_type: 'lightbulb', dot_counts: true }, 1],
  ['grid', {}, 1],
  ['job-badges', {}, 1],
  ['left-right-cards', {}, 1],
  ['modulo-clock', { modulo_number: 10 }, 1],
  ['parity-cards', { back_colour: 'green' }, 2],
  ['piano-keys', { highlight: 'E' }, 1],
  ['searching-cards', { number_cards: 15, max_number: 'cards', help_sheet: true }, 1],
  ['sorting-network', { prefilled_values: 'medium' }, 1],
  ['sorting-network-cards', { type: 'riding_hood' }, 2],
  ['train-stations', { tracks: 'circular' }, 1],
  [
    'treasure-hunt',
    { prefilled_values: 'easy', number_order: 'sorted', instructions: false, art: 'colour' },
    1,
  ],
];

describeWith(['poppler'], 'looks unchanged', () => {
  let printer: TaskPrinter;
  beforeAll(async () => {
    printer = await openTaskPrinter();
  });
  afterAll(() => printer.close());

  test('every resource is compared', () => {
    expect(SHOWN.map(([slug]) => slug)).toEqual(EXPECTED_DOCUMENTS.map(({ slug }) => slug));
  });

  test.each(SHOWN)('%s', async (slug, options, page) => {
    const expected = EXPECTED_DOCUMENTS.find((document) => document.slug === slug);
    if (!expected) throw new Error(`${slug} is not expected`);
    const { pdf } = await printer.print(
      taskOf(expected, { header_text: 'Room 12', ...options }),
      'reference',
    );
    const picture = pictureOf(pdf, page);
    const path = join(FOLDER, `${slug}.png`);
    if (process.env.UPDATE_REFERENCES) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(path, toPng(picture));
    }
    const reference = readFileSync(path);
    const different = differences(picture, fromPng(reference));
    if (different > ALLOWED_PIXELS) {
      const now = join(mkdtempSync(join(tmpdir(), 'reference-')), `${slug}.png`);
      writeFileSync(now, toPng(picture));
      throw new Error(
        `${different} pixels of ${now} differ from test/renderer/reference/${slug}.png. If that is intended, ` +
          'update the references: UPDATE_REFERENCES=1 npm test -- catalogue-references',
      );
    }
    expect(reference.length).toBeLessThan(LARGEST_REFERENCE);
  });

  test('a missing digit would be noticed', () => {
    const reference = fromPng(readFileSync(join(FOLDER, 'modulo-clock.png')));
    const { width, shades } = reference;
    const erased = Uint8Array.from(shades);
    const ink = shades.findIndex((shade) => shade < 64);
    for (let row = 0; row < 9; row++) erased.fill(255, ink + row * width - 2, ink + row * width + 7);
    expect(differences({ ...reference, shades: erased }, reference)).toBeGreaterThan(ALLOWED_PIXELS);
  });
});
