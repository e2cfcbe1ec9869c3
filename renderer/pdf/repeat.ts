import { PDFDocument, PDFPage } from '@cantoo/pdf-lib';

/**
 * The pages of a PDF over and over, `times` in all. The copies share content, fonts and pictures, so each adds little more
 * than its entry in the list of pages. The same input gives the same bytes.
 */
export async function repeatPages(pdf: Buffer, times: number): Promise<Buffer> {
  if (times === 1) return pdf;
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  const pages = document.getPages();
  for (let copy = 1; copy < times; copy++) {
    for (const page of pages) {
      const leaf = page.node.clone(document.context);
      document.addPage(PDFPage.of(leaf, document.context.register(leaf), document));
    }
  }
  return Buffer.from(await document.save({ addDefaultPage: false, updateFieldAppearances: false }));
}
