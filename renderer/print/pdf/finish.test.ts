import { PDFDocument, PDFName, PDFString } from '@cantoo/pdf-lib';
import { describe, expect, test } from '@jest/globals';
import { finishPdf, normalisePdf } from './finish.ts';

const PRINTED = [
  "<</Title (a \\(1\\) endstream)\n/CreationDate (D:20261124102309+00'00')>>",
  '<</Type /Catalog\n/Pages 3 0 R>>',
  '<</Type /Pages\n/Count 1\n/Kids [4 0 R]>>',
  '<</Type /Page\n/MediaBox [0 0 10 20]\n/Contents 5 0 R\n/Parent 3 0 R>>',
  '<</Length 19>> stream\n1 0 0 rg endobj obj\nendstream',
];

/** A PDF as Chromium writes it: objects one after the other, then one table of their offsets. */
function pdfOf(objects: string[]): Buffer {
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  const trailer = `trailer\n<</Size ${objects.length + 1}\n/Root 2 0 R\n/Info 1 0 R>>`;
  return Buffer.from(`${text}${table}${trailer}\nstartxref\n${text.length}\n%%EOF\n`, 'latin1');
}

const finish = (objects = PRINTED, repeat = 1) => finishPdf(pdfOf(objects), { repeat, language: 'mi' });
const languageOf = async (pdf: Buffer) =>
  (await PDFDocument.load(pdf)).catalog.lookup(PDFName.of('Lang'), PDFString).asString();

describe('a finished PDF', () => {
  test('keeps its pages, properties and streams', async () => {
    const pdf = finish();
    const document = await PDFDocument.load(pdf, { updateMetadata: false });
    expect(document.getPages().map((page) => page.getSize())).toEqual([{ width: 10, height: 20 }]);
    expect(document.getTitle()).toBe('a (1) endstream');
    expect(document.getCreationDate()).toEqual(new Date('2000-01-01T00:00:00Z'));
    expect(pdf.includes('1 0 0 rg endobj obj\nendstream')).toBe(true);
  });

  test('states its language unless Chromium has', async () => {
    expect(await languageOf(finish())).toBe('mi');
    const tagged = PRINTED.map((object) => object.replace('/Catalog', '/Catalog /Lang (en)'));
    expect(await languageOf(finish(tagged))).toBe('en');
  });

  test('repeats its pages', async () => {
    expect((await PDFDocument.load(finish(PRINTED, 3))).getPageCount()).toBe(3);
  });

  test('is the same bytes each time', () => {
    expect(finish()).toEqual(finish());
  });

  test.each([
    ['', 'nothing'],
    ['no PDF', 'text'],
    [pdfOf(PRINTED).toString('latin1').slice(0, -40), 'a PDF cut off'],
    [pdfOf(PRINTED).toString('latin1').replace('/Size', '/Prev 9 /Size'), 'a PDF that was changed'],
  ])('cannot be made from what Chromium does not write: %#', (text) => {
    expect(() => finishPdf(Buffer.from(text, 'latin1'), { repeat: 1, language: 'en' })).toThrow(
      'The PDF does not have the form that Chromium writes.',
    );
  });
});

test('two printings of a document become identical, without changing their length', () => {
  const printed = (date: string) =>
    Buffer.from(
      `%PDF-1.4\n<</Title (a)/CreationDate (D:${date}+00'00')\n/ModDate (D:${date}+00'00')>>\nthe rest`,
    );
  const first = printed('20261124102309');
  const length = first.length;
  expect(normalisePdf(first)).toEqual(normalisePdf(printed('20270101000000')));
  expect(first.length).toBe(length);
  expect(first.toString()).toContain("(D:20000101000000+00'00')");
});

test('a document without dates stays unchanged', () => {
  expect(normalisePdf(Buffer.from('%PDF-1.4 nothing')).toString()).toBe('%PDF-1.4 nothing');
});
