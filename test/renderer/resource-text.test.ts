import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import { openTaskPrinter, type TaskPrinter } from '../harness/printer.ts';
import { pictureOf } from './support/images.ts';

jest.setTimeout(120_000);

describeWith(['poppler'], 'the text of resources in print', () => {
  let printer: TaskPrinter;
  beforeAll(async () => {
    printer = await openTaskPrinter();
  });
  afterAll(async () => {
    await printer.close();
  });

  /** File name and words of each page, in the order of the drawing. */
  async function print(view: string, resource_name: string, options: Record<string, unknown> = {}) {
    const task = { kind: 'task#render', resource_slug: view, resource_name, resource_view: view, url: 'end' };
    const { filename, pdf } = await printer.print({ ...task, paper_size: 'letter', copies: 1, ...options });
    const text = execFileSync('pdftotext', ['-raw', '-', '-'], { input: pdf, encoding: 'utf8' });
    const pages = text
      .split('\f')
      .slice(0, -1)
      .map((page) => page.split(/\s+/).join(' ').trim());
    return { filename, pages };
  }

  test('a letter that no font has leaves a visible mark', async () => {
    const task = { kind: 'task#render', resource_slug: 'grid', resource_view: 'grid', resource_name: 'Grid' };
    const picture = async (header_text: string) => {
      const { pdf } = await printer.print({ ...task, header_text, url: '', paper_size: 'a4', copies: 1 });
      return pictureOf(pdf, 1).shades;
    };
    // Ogham, which no font here has, beside a space that has no width.
    expect(await picture('\u1681\u1682\u1683')).not.toEqual(await picture('\u200b'));
  });

  test('arrows have no text', async () => {
    const { filename, pages } = await print('arrows', 'Arrows');
    expect(filename).toBe('Arrows (letter).pdf');
    expect(pages).toEqual(['· Arrows · end']);
  });

  test.each([
    [12, '4 15902 63817 4', '12 + 1 + 15 + 9 + 0 + 2 + 18 + 3 + 24 + 1 + 21 = 106', '106 + 4 = 110'],
    [13, '9 528061 347953', '9 + 15 + 2 + 24 + 0 + 18 + 1 + 9 + 4 + 21 + 9 + 15 = 127', '127 + 3 = 130'],
  ])('the barcode poster works %d digits out', async (barcode_length, code, sum, filled) => {
    const { filename, pages } = await print('barcode-checksum-poster', 'Poster', { barcode_length });
    expect(filename).toBe(`Poster (${barcode_length} digits - letter).pdf`);
    for (const text of ['The check digit', code, sum, filled]) expect(pages[0]).toContain(text);
  });

  test('binary cards have their numbers on request', async () => {
    const numbers = ['1', '2', '4', '8', '16', '32', '64', '128'];
    const withNumbers = await print('binary-cards', 'Cards', { display_numbers: true, black_back: true });
    expect(withNumbers.filename).toBe('Cards (with numbers - with black back - letter).pdf');
    const footer = '· Cards · end';
    expect(withNumbers.pages).toEqual(numbers.flatMap((number) => [`${number} ${footer}`, footer]));
    const without = await print('binary-cards', 'Cards', { display_numbers: false, black_back: false });
    expect(without.filename).toBe('Cards (without numbers - without black back - letter).pdf');
    expect(without.pages).toEqual(numbers.map(() => footer));
  });

  test('the teacher has the answers that the student writes', async () => {
    const teacher = await print('binary-to-alphabet', 'Letters', { worksheet_version: 'teacher' });
    const student = await print('binary-to-alphabet', 'Letters', { worksheet_version: 'student' });
    expect(teacher.filename).toBe('Letters (teacher - letter).pdf');
    expect(student.filename).toBe('Letters (student - letter).pdf');
    for (const answer of ['0 00000 space', '1 00001 A', '13 01101 M', '26 11010 Z']) {
      expect(teacher.pages[0]).toContain(answer);
    }
    expect(student.pages[0]).toContain('24 25 26');
    expect(student.pages[0]).not.toMatch(/\b[01]{5}\b|\b[A-Z]\b/);
  });

  test.each([
    ['binary', true, ['8 1 4 1 2 1 1 1', '0 0 0 0']],
    ['binary', false, ['1 1 1 1', '0 0 0 0']],
    ['lightbulb', true, ['8 4 2 1', '']],
    ['lightbulb', false, ['', '']],
  ])('binary windows: %s, dot counts %s', async (value_type, dot_counts, values) => {
    const options = { number_bits: 4, value_type, dot_counts };
    const { filename, pages } = await print('binary-windows', 'Windows', options);
    const counts = dot_counts ? 'with' : 'without';
    expect(filename).toBe(`Windows (4 bits - ${value_type} - ${counts} dot counts - letter).pdf`);
    expect(pages).toEqual([
      `${String(values[0])} · Windows · end`.trim(),
      expect.stringMatching(new RegExp(`^${String(values[1])} ?1\\. Print on both sides.* short edge`)),
    ]);
  });

  test('badges and cards name the role and the side', async () => {
    const badges = await print('job-badges', 'Badges');
    expect(badges.filename).toBe('Badges (letter).pdf');
    expect(badges.pages[0]?.match(/Programmer|Tester|Bot/g)).toHaveLength(6);
    const sides = await print('left-right-cards', 'Sides');
    expect(sides.filename).toBe('Sides (letter).pdf');
    expect(sides.pages[0]?.match(/LEFT RIGHT/g)).toHaveLength(4);
  });
});
