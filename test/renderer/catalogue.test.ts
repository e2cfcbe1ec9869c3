import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import { openTaskPrinter, type TaskPrinter } from '../harness/printer.ts';

jest.setTimeout(120_000);

const task = (view: string, options: Record<string, unknown> = {}) => ({
  kind: 'task#render',
  resource_slug: view,
  resource_name: view,
  resource_view: view,
  url: 'example.org/resources',
  paper_size: 'a4',
  copies: 1,
  ...options,
});
const poppler = (program: string, pdf: Buffer, ...flags: string[]): string =>
  execFileSync(program, [...flags, '-', '-'].slice(0, program === 'pdftotext' ? undefined : -1), {
    input: pdf,
    encoding: 'utf8',
  });
const textOf = (pdf: Buffer): string => poppler('pdftotext', pdf, '-layout');
const pagesOf = (pdf: Buffer): number => Number(/Pages:\s+(\d+)/.exec(poppler('pdfinfo', pdf))?.[1]);

const LONG = `${'Tāmaki Makaurau whānau school — '.repeat(20)}the very end`;
const SIZES = { a4: /594\.96 x 841\.92|841\.92 x 594\.96/, letter: /612 x 792|792 x 612/ };

describeWith(['poppler'], 'the catalogue in print', () => {
  let own: string;
  let printer: TaskPrinter;
  beforeAll(async () => {
    own = await mkdtemp(join(tmpdir(), 'catalogue-'));
    printer = await openTaskPrinter([own]);
  });
  afterAll(async () => {
    await printer.close();
    await rm(own, { recursive: true });
  });

  test.each([
    ['grid', {}, 1],
    ['binary_cards_small.py', { number_bits: 12, dot_counts: true, black_back: true }, 6],
    ['arrows.py', {}, 1],
    ['barcode_checksum_poster.py', { barcode_length: 13 }, 1],
    ['binary_cards.py', { display_numbers: true, black_back: true }, 16],
    ['binary_to_alphabet.py', { worksheet_version: 'teacher' }, 1],
    ['binary_windows.py', { number_bits: 8, value_type: 'lightbulb', dot_counts: true }, 4],
    ['job_badges.py', {}, 1],
    ['left_right_cards.py', {}, 1],
    ['sorting-network', { prefilled_values: 'hard' }, 1],
    ['sorting-network-cards', { type: 'riding_hood' }, 3],
    ['sorting_network_cards.py', { type: 'maori_numbers' }, 8],
    ['modulo_clock.py', { modulo_number: '1' }, 1],
    ['parity_cards.py', { back_colour: 'green' }, 2],
    ['piano_keys.py', { highlight: 'A' }, 1],
    ['searching-cards', { number_cards: 31, max_number: 999, help_sheet: true }, 9],
    ['searching_cards.py', { number_cards: '15', max_number: 'blank', help_sheet: false }, 4],
    ['train_stations.py', { tracks: 'twisted' }, 1],
    [
      'treasure_hunt.py',
      { prefilled_values: 'blank', number_order: 'sorted', instructions: true, art: 'bw' },
      2,
    ],
  ] as const)('%s fits its pages, whatever the paper and the texts', async (view, options, pages) => {
    for (const paper_size of ['a4', 'letter'] as const) {
      for (const texts of [
        {},
        { header_text: 'Room 7' },
        { header_text: LONG, resource_name: LONG, url: LONG },
      ]) {
        const { pdf } = await printer.print(task(view, { ...options, paper_size, ...texts }));
        expect(pagesOf(pdf)).toBe(pages);
        expect(poppler('pdfinfo', pdf)).toMatch(SIZES[paper_size]);
      }
    }
  });

  test('text is stored as text, in embedded fonts of the project', async () => {
    const { pdf } = await printer.print(
      task('binary-cards-small', {
        number_bits: 8,
        dot_counts: true,
        black_back: false,
        header_text: 'Ngā kāri: āēīōū ½ ⅓ ⅔ ⅜ ¾ ⅝ <b>',
        resource_name: 'Binary Cards (small)',
      }),
    );
    const text = textOf(pdf);
    expect(text).toContain('Ngā kāri: āēīōū ½ ⅓ ⅔ ⅜ ¾ ⅝ <b>');
    expect(text).toContain('Binary Cards (small)');
    expect(text).toContain('example.org/resources');
    expect(text.match(/\b(1|2|4|8|16|32|64|128)\b/g)).toEqual(['1', '2', '4', '8', '16', '32', '64', '128']);
    for (const line of poppler('pdffonts', pdf).trim().split('\n').slice(2)) {
      expect(line).toMatch(/\+RenderfleetSans-(Regular|Bold) +CID TrueType +Identity-H +yes yes yes/);
    }
  });

  test('each copy of a network has its own six numbers, the same for the same seed', async () => {
    const network = task('sorting-network', { prefilled_values: 'hard', copies: 3 });
    const first = await printer.print(network, 'task-1');
    const values = textOf(first.pdf).match(/\b\d{3}\b/g);
    expect(values).toHaveLength(18);
    expect((await printer.print(network, 'task-1')).pdf.equals(first.pdf)).toBe(true);
    expect(textOf((await printer.print(network, 'task-2')).pdf).match(/\b\d{3}\b/g)).not.toEqual(values);
  });

  test('30 identical copies cost little more than one', async () => {
    const one = await printer.print(task('grid'));
    const thirty = await printer.print(task('grid', { copies: 30 }));
    expect(pagesOf(thirty.pdf)).toBe(30);
    expect(thirty.pdf.length - one.pdf.length).toBeLessThan(29 * 320);
  });

  test("a user's resource is printed with the assets of its folder", async () => {
    const folder = join(own, 'resources/poster');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'resource.json'), JSON.stringify({ name: 'Poster', landscape: true }));
    await writeFile(join(folder, 'page.hbs'), '<h1>Kia ora</h1><img src="art/tiki koru.svg" width="200">');
    await mkdir(join(folder, 'art'));
    await writeFile(
      join(folder, 'art/tiki koru.svg'),
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text y="5" font-size="2">koru</text></svg>',
    );
    const { pdf, filename } = await printer.print(task('poster', { resource_name: 'Poster' }));
    expect(filename).toBe('Poster (a4).pdf');
    expect(textOf(pdf)).toMatch(/Kia ora[^]*koru/);
    expect(poppler('pdfinfo', pdf)).toMatch(/841\.92 x 594\.96|84[12]\.?\d* x 595\.?\d*/);
    await rm(folder, { recursive: true });
  });
});
