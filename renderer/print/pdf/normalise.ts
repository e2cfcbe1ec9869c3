const DATE_KEYS = ['/CreationDate (D:', '/ModDate (D:'];
const DATE_DIGITS = '20000101000000';

/**
 * Replaces, in place and at the same length, what differs between two printings of one document: the dates that
 * Chromium writes. A parenthesis within a PDF string is escaped, so text of the document cannot look like these keys.
 */
export function normalisePdf(pdf: Buffer): Buffer {
  for (const key of DATE_KEYS) {
    for (let at = pdf.indexOf(key); at >= 0; at = pdf.indexOf(key, at + key.length)) {
      pdf.write(DATE_DIGITS, at + key.length, 'latin1');
    }
  }
  return pdf;
}
