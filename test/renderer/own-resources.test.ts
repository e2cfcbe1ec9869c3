import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import { openTaskPrinter, type TaskPrinter } from '../harness/printer.ts';
import { factsOf, textOfPages } from './support/poppler.ts';

jest.setTimeout(60_000);

const docs = join(import.meta.dirname, '../../docs');
const examples = join(docs, 'examples');
const guide = readFileSync(join(docs, 'own-resources.md'), 'utf8');
const bingo = {
  kind: 'task#render',
  resource_slug: 'bingo',
  resource_name: 'Bingo',
  resource_view: 'bingo',
  url: 'example.org/bingo',
  header_text: 'Room 12',
  paper_size: 'a4',
  copies: 1,
  size: 5,
};

describe('the guide to your own resources', () => {
  const files = readdirSync(examples, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(examples.length + 1));

  test.each(files)('shows %s as it is', (path) => {
    const content = readFileSync(join(examples, path), 'utf8');
    const shown = `\`docs/examples/${path}\`:\n\n\`\`\`${path.split('.').pop()}\n${content}\`\`\`\n`;
    expect(guide.replaceAll('<!-- prettier-ignore -->\n', '')).toContain(shown);
  });
});

describeWith(['poppler'], "the guide's example in print", () => {
  let printer: TaskPrinter;
  beforeAll(async () => {
    printer = await openTaskPrinter([examples]);
  });
  afterAll(() => printer.close());

  test('is a card of different numbers with a free square, different in each copy', async () => {
    const { filename, pdf } = await printer.print({ ...bingo, copies: 3 });
    expect(filename).toBe('Bingo (5 by 5 - 1 to 75 - a4).pdf');
    expect(factsOf(pdf).pages).toBe(3);
    const cards = textOfPages(pdf).map((text) => {
      expect(text).toMatch(/^Room 12 B ?i ?n ?g ?o .* Numbers from 1 to 75\..*example\.org\/bingo$/);
      return (text.split('Numbers')[0]?.match(/\d+/g) ?? []).slice(1).map(Number);
    });
    for (const numbers of cards) {
      expect(new Set(numbers).size).toBe(24);
      expect(numbers.filter((number) => number < 1 || number > 75)).toEqual([]);
    }
    expect(new Set(cards.map(String)).size).toBe(3);
  });

  test('accepts another frame and style sheet', async () => {
    const plain = await printer.print({ ...bingo, template: 'plain.hbs', css: 'css/large.css' });
    expect(textOfPages(plain.pdf)[0]).not.toMatch(/Room 12|example\.org/);
    const large = await printer.print({ ...bingo, css: 'css/large.css' });
    expect(large.pdf.equals((await printer.print(bingo)).pdf)).toBe(false);
  });

  test('refuses what the guide says, with the same message', async () => {
    const message = 'The task cannot be rendered: size is 4, allowed: 3, 5';
    await expect(printer.print({ ...bingo, size: 4 })).rejects.toMatchObject({ name: 'TaskError', message });
    expect(guide).toContain(message);
  });
});
