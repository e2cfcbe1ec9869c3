import { PDFBool, PDFDict, PDFDocument, PDFHexString, PDFName, PDFString } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import { openTaskPrinter, type TaskPrinter } from '../harness/printer.ts';
import { EXPECTED_DOCUMENTS, optionsOf, taskOf, type Options } from './support/expected-documents.ts';
import { factsOf, textOfPages } from './support/poppler.ts';

jest.setTimeout(120_000);

const TABLE = EXPECTED_DOCUMENTS.map((expected) => [expected.slug, expected] as const);

/** Resources some of whose pages are pictures without any text, and what is said in their place. */
const DESCRIBED: [slug: string, options: Options, texts: string[]][] = [
  ['grid', {}, ['A grid of 8 by 8 squares']],
  ['arrows', {}, ['Arrows to the left, ahead, to the right and back']],
  ['parity-cards', { back_colour: 'red' }, ['The fronts of 20 cards', 'The backs of 20 cards']],
  ['binary-cards', { display_numbers: false, black_back: true }, ['Dots: 1', 'Dots: 128', 'A black back']],
  ['binary-cards-small', { number_bits: 4, dot_counts: false, black_back: false }, ['Dots: 1 2 4 8']],
  ['sorting-network-cards', { type: 'butterfly' }, ['A young pupa', 'A leaf with an egg', 'A butterfly']],
];

async function open(pdf: Buffer) {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  const alternatives = document.context
    .enumerateIndirectObjects()
    .map(([, object]) => (object instanceof PDFDict ? object.lookup(PDFName.of('Alt')) : undefined))
    .filter((alt) => alt instanceof PDFString || alt instanceof PDFHexString)
    .map((alt) => alt.decodeText());
  return { catalog: document.catalog, title: document.getTitle(), alternatives };
}

describeWith(['poppler'], 'documents for assistive software', () => {
  let printer: TaskPrinter;
  beforeAll(async () => {
    printer = await openTaskPrinter();
  });
  afterAll(() => printer.close());

  test.each(TABLE)('%s has a title, a language and, when asked for, a structure', async (_slug, expected) => {
    const [options = {}] = optionsOf(expected);
    const name = `Ngā ${expected.name} (āēīōū)`;
    const task = { ...taskOf(expected, options), resource_name: name, header_text: 'Rūma 12' };
    const plain = await printer.print(task);
    const tagged = await printer.print({ ...task, tagged: true });
    for (const { pdf, filename } of [plain, tagged]) {
      const { catalog, title } = await open(pdf);
      expect(title).toBe(filename.replace(/\.pdf$/, ''));
      expect(title).toContain(name);
      expect(catalog.lookup(PDFName.of('Lang'), PDFString).asString()).toBe('en');
      const preferences = catalog.lookup(PDFName.of('ViewerPreferences'), PDFDict);
      expect(preferences.lookup(PDFName.of('DisplayDocTitle'))).toBe(PDFBool.True);
      const isTagged = pdf === tagged.pdf;
      expect([factsOf(pdf).tagged, catalog.has(PDFName.of('StructTreeRoot'))]).toEqual([isTagged, isTagged]);
      for (const text of textOfPages(pdf)) expect(text).toMatch(/Rūma 12.*Ngā .* \(āēīōū\)/);
    }
    expect(textOfPages(tagged.pdf)).toEqual(textOfPages(plain.pdf));
  });

  test.each(DESCRIBED)('the pictures of %s are described', async (slug, options, texts) => {
    const expected = EXPECTED_DOCUMENTS.find((document) => document.slug === slug);
    if (!expected) throw new Error(`${slug} is not expected`);
    const { pdf } = await printer.print({ ...taskOf(expected, options), tagged: true });
    const { alternatives } = await open(pdf);
    expect(alternatives.length).toBeGreaterThanOrEqual(expected.pages(options));
    for (const text of texts) expect(alternatives.join('\n')).toContain(text);
  });
});
