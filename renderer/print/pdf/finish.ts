import type { PrintableDocument } from '../document.ts';
import { writeCompact } from './compact.ts';
import { readObjects, withEntry } from './objects.ts';
import { repeatPages } from './repeat.ts';

const DATE_KEYS = ['/CreationDate (D:', '/ModDate (D:'];
const DATE_DIGITS = '20000101000000';

/**
 * Makes the PDF of a document from what Chromium printed: states its language, replaces the date of printing, adds the
 * identical copies, and writes it compactly. The same input gives the same bytes.
 *
 * @throws Error when the input is not a PDF in the form that Chromium writes.
 */
export function finishPdf(
  printed: Buffer,
  { repeat, language }: Pick<PrintableDocument, 'repeat' | 'language'>,
): Buffer {
  const file = readObjects(normalisePdf(printed));
  const catalog = file.values.get(file.root);
  if (typeof catalog === 'string' && !/\/Lang\b/.test(catalog)) {
    file.values.set(file.root, withEntry(catalog, 'Lang', `(${language})`));
  }
  repeatPages(file, repeat);
  return writeCompact(file);
}

/**
 * Replaces, in place and without changing the length, what differs between two printings of one document: the dates that
 * Chromium writes. Parentheses within a PDF string are escaped, so no text of the document can be mistaken for these keys.
 */
export function normalisePdf(pdf: Buffer): Buffer {
  for (const key of DATE_KEYS) {
    for (let at = pdf.indexOf(key); at >= 0; at = pdf.indexOf(key, at + key.length)) {
      pdf.write(DATE_DIGITS, at + key.length, 'latin1');
    }
  }
  return pdf;
}
