import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import { openTaskPrinter, type TaskPrinter } from '../harness/printer.ts';
import {
  EXPECTED_DOCUMENTS,
  optionsOf,
  taskOf,
  type ExpectedDocument,
  type Options,
} from './support/expected-documents.ts';
import { factsOf, textOfPages } from './support/poppler.ts';

jest.setTimeout(180_000);

const KIB = 1024;
const LARGEST = 28 * KIB;
const LARGEST_MEDIAN = 20 * KIB;
const LARGEST_COPY = 60;
const COPIES = 30;
/** In points, the shorter side first. */
const PAPERS = { a4: [595.28, 841.89], letter: [612, 792] } as const;

const numbersIn = (texts: string[], pattern = /\b(\d[\d,]*)\b/g): number[] =>
  texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => Number(match[1]?.replaceAll(',', ''))));

describeWith(['poppler'], 'every document of the catalogue', () => {
  let printer: TaskPrinter;
  const sizes: number[] = [];
  beforeAll(async () => {
    printer = await openTaskPrinter();
  });
  afterAll(() => printer.close());

  test('is in this table', async () => {
    const listed = (await printer.catalogue.list()).map((entry) => {
      if ('fault' in entry) throw new Error(entry.fault);
      const { name, optionsSchema } = entry.resource;
      const properties = (optionsSchema.properties ?? {}) as Record<string, { enum?: unknown[] }>;
      const options = Object.entries(properties).map(([key, { enum: values }]) => [key, values]);
      return { slug: entry.slug, name, options: Object.fromEntries(options) as unknown };
    });
    expect(listed).toEqual(EXPECTED_DOCUMENTS.map(({ slug, name, options }) => ({ slug, name, options })));
  });

  test.each(EXPECTED_DOCUMENTS.map((expected) => [expected.slug, expected] as const))(
    '%s has its pages, texts, numbers and file name with every option',
    async (_slug, expected) => {
      for (const paper of ['a4', 'letter'] as const) {
        for (const options of optionsOf(expected)) {
          const task = taskOf(expected, { ...options, paper_size: paper });
          const { filename, pdf } = await printer.print(task);
          sizes.push(pdf.length);
          const { pages, width, height, title, tagged } = factsOf(pdf);
          const subtitle = expected.subtitle ? `${expected.subtitle(options)} - ${paper}` : paper;
          const [short, long] = PAPERS[paper];
          const sides = expected.landscape ? [long, short] : [short, long];
          expect({ task, filename, title, pages, sides: [width, height], tagged }).toEqual({
            task,
            filename: `${expected.name} (${subtitle}).pdf`,
            title: `${expected.name} (${subtitle})`,
            pages: expected.pages(options),
            sides: sides.map((side): unknown => expect.closeTo(side, 0)),
            tagged: false,
          });
          expect([task, pdf.length < LARGEST]).toEqual([task, true]);
          checkTexts(expected, { task, options, texts: textOfPages(pdf) });
        }
      }
    },
  );

  test('is small: half of them have at most 20 KiB', () => {
    const sorted = sizes.sort((a, b) => a - b);
    expect(sorted.length).toBeGreaterThanOrEqual(2 * EXPECTED_DOCUMENTS.length);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(LARGEST_MEDIAN);
  });

  test.each(EXPECTED_DOCUMENTS.map((expected) => [expected.slug, expected] as const))(
    '%s is the same bytes for the same task, and others for another one where it is random',
    async (_slug, expected) => {
      for (const options of optionsOf(expected)) {
        const task = taskOf(expected, options);
        const [first, again, other] = [
          await printer.print(task, 'task-1'),
          await printer.print(task, 'task-1'),
          await printer.print(task, 'task-2'),
        ];
        const random = expected.numbers?.(options) !== undefined;
        const same = [again, other].map(({ pdf }) => pdf.equals(first.pdf));
        expect([task, ...same]).toEqual([task, true, !random]);
        if (random) expect(textOfPages(other.pdf)).not.toEqual(textOfPages(first.pdf));
      }
    },
  );

  test.each(EXPECTED_DOCUMENTS.map((expected) => [expected.slug, expected] as const))(
    '%s in 30 copies: identical ones take next to no bytes, random ones differ',
    async (_slug, expected) => {
      const [last = {}, ...others] = optionsOf(expected).reverse();
      const options = [last, ...others].find((given) => expected.numbers?.(given)) ?? last;
      const task = taskOf(expected, options);
      const one = await printer.print(task);
      const thirty = await printer.print({ ...task, copies: COPIES });
      const pages = expected.pages(options);
      expect(factsOf(thirty.pdf).pages).toBe(COPIES * pages);
      const more = thirty.pdf.length - one.pdf.length;
      const random = expected.numbers?.(options) !== undefined;
      if (!random) expect(more).toBeLessThan(COPIES * pages * LARGEST_COPY);
      else expect(new Set(textOfPages(thirty.pdf)).size).toBeGreaterThanOrEqual(COPIES);
    },
  );
});

function checkTexts(
  expected: ExpectedDocument,
  { task, options, texts }: { task: unknown; options: Options; texts: string[] },
): void {
  const all = texts.join(' ');
  const wanted = [expected.name, 'example.org/resources', ...(expected.texts?.(options) ?? [])];
  const missing = wanted.filter((text) => !stands(text, all));
  expect([task, missing]).toEqual([task, []]);
  expect([task, texts.filter((text) => !text.includes(expected.name))]).toEqual([task, []]);

  const numbers = expected.numbers?.(options);
  if (!numbers) return;
  const { count, min, max, onPages, sorted, pattern } = numbers;
  const found = numbersIn(texts.slice(-onPages), pattern);
  const fitting = found.filter((number) => number >= min && number <= max);
  expect([task, new Set(fitting).size, found.length]).toEqual([task, count, count]);
  if (sorted !== undefined) expect(found.every((n, i) => i === 0 || n > (found[i - 1] ?? 0))).toBe(sorted);
}

/** Whether a text stands among others as whole words. */
function stands(text: string, all: string): boolean {
  const literal = text.replaceAll(/[()]/g, String.raw`\$&`);
  return new RegExp(`(?<![\\p{L}\\d])${literal}(?![\\p{L}\\d])`, 'u').test(all);
}
