import type { PrintableDocument } from '../document.ts';
import { writeCompact } from './compact.ts';
import { normalisePdf } from './normalise.ts';
import { readObjects, withEntry } from './objects.ts';
import { repeatPages } from './repeat.ts';

/**
 * Makes the PDF of a document from what Chromium printed: its language is stated, the date of printing is gone, identical
 * copies are added, and it is written small. The same input gives the same bytes.
 *
 * @throws Error when what was printed is no PDF as Chromium writes it.
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
