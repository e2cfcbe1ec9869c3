import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, test } from '@jest/globals';
import { repeatPages } from './repeat.ts';

async function twoPages(): Promise<Buffer> {
  const document = await PDFDocument.create({ updateMetadata: false });
  for (const width of [100, 200]) {
    const page = document.addPage([width, 300]);
    for (let i = 0; i < 400; i++)
      page.drawText(`${width} ${Math.sin(i)}`, { x: i % 90, y: i % 290, size: 6 });
  }
  return Buffer.from(await document.save({ useObjectStreams: false }));
}

describe('the repeated pages of a PDF', () => {
  test('stand in their order, over and over', async () => {
    const repeated = await PDFDocument.load(await repeatPages(await twoPages(), 3));
    expect(repeated.getPages().map((page) => page.getWidth())).toEqual([100, 200, 100, 200, 100, 200]);
  });

  test('share what is on them', async () => {
    const pdf = await twoPages();
    const repeated = await repeatPages(pdf, 30);
    expect(repeated.length).toBeLessThan(pdf.length + 29 * 2 * 400);
  });

  test('are the same bytes each time', async () => {
    const pdf = await twoPages();
    expect(await repeatPages(pdf, 4)).toEqual(await repeatPages(pdf, 4));
  });

  test('that stand there once are left as they are', async () => {
    const pdf = await twoPages();
    expect(await repeatPages(pdf, 1)).toBe(pdf);
  });
});
