import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, jest, test } from '@jest/globals';
import { writeCompact } from './compact.ts';
import { readObjects } from './objects.ts';
import { repeatPages } from './repeat.ts';

jest.setTimeout(60_000);

async function twoPages(): Promise<Buffer> {
  const document = await PDFDocument.create({ updateMetadata: false });
  for (const width of [100, 200]) {
    const page = document.addPage([width, 300]);
    for (let i = 0; i < 400; i++)
      page.drawText(`${width} ${Math.sin(i)}`, { x: i % 90, y: i % 290, size: 6 });
  }
  return Buffer.from(await document.save({ useObjectStreams: false }));
}

function repeated(pdf: Buffer, times: number): Buffer {
  const file = readObjects(pdf);
  repeatPages(file, times);
  return writeCompact(file);
}

/** A page tree of three levels, whose root alone states the page size. */
const NESTED = [
  '<</Type/Catalog/Pages 2 0 R>>',
  '<</Type /Pages /Count 3 /Kids [3 0 R 6 0 R] /MediaBox [0 0 10 20]>>',
  '<</Type /Pages /Count 2 /Kids [4 0 R 5 0 R] /Parent 2 0 R>>',
  '<</Type /Page /Rotate 0 /Parent 3 0 R>>',
  '<</Type /Page /Rotate 90 /Parent 3 0 R>>',
  '<</Type /Page /Rotate 180 /Parent 2 0 R>>',
];

describe('the repeated pages of a PDF', () => {
  test('keep their order in each repetition', async () => {
    const document = await PDFDocument.load(repeated(await twoPages(), 3));
    expect(document.getPages().map((page) => page.getWidth())).toEqual([100, 200, 100, 200, 100, 200]);
  });

  test('keep their order and inherited attributes in a nested page tree', async () => {
    const values = new Map(NESTED.map((value, index) => [index + 1, value]));
    const file = { values, root: 1, info: undefined, size: NESTED.length + 1 };
    repeatPages(file, 3);
    const pages = (await PDFDocument.load(writeCompact(file))).getPages();
    expect(pages.map((page) => page.getRotation().angle)).toEqual([0, 90, 180, 0, 90, 180, 0, 90, 180]);
    for (const page of pages) expect(page.getSize()).toEqual({ width: 10, height: 20 });
  });

  test('share their content', async () => {
    const once = repeated(await twoPages(), 1);
    expect(repeated(await twoPages(), 30).length).toBeLessThan(once.length + 29 * 2 * 50);
  });

  test('are the same bytes each time', async () => {
    const pdf = await twoPages();
    expect(repeated(pdf, 4)).toEqual(repeated(pdf, 4));
  });

  test('may need object numbers of more than two bytes', async () => {
    const pdf = repeated(await twoPages(), 23_000);
    expect(Number(/\/Size (\d+)/.exec(pdf.toString('latin1'))?.[1])).toBeGreaterThan(3 * 23_000);
  });
});
