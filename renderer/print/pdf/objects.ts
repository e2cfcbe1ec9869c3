/** The indirect objects of a PDF by number, each without its enclosing `obj` and `endobj`. */
export interface PdfObjects {
  /** Dictionaries and other values as text of one byte a character, streams as in the file. */
  readonly values: Map<number, string | Buffer>;
  /** Numbers of the catalog and of the document's properties. */
  readonly root: number;
  readonly info: number | undefined;
  /** The highest number plus one. */
  size: number;
}

const TAIL_BYTES = 64;
const TABLE = /^xref\s+0 \d+\s+((?:\d{10} \d{5} [nf]\s*)+)trailer\s*(<<.*>>)\s*startxref/s;

/**
 * Splits a PDF into its objects by its cross-reference table, which must be one plain table, as Chromium writes it
 * (ISO 32000-1, 7.5.4).
 *
 * @throws Error when the PDF has another form
 */
export function readObjects(pdf: Buffer): PdfObjects {
  const tail = pdf.toString('latin1', Math.max(0, pdf.length - TAIL_BYTES));
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(tail)?.[1]);
  const [, table, trailer = ''] = TABLE.exec(pdf.toString('latin1', start || pdf.length)) ?? [];
  const root = reference(trailer, 'Root');
  if (table === undefined || root === undefined || /\/(Prev|XRefStm|Encrypt)\b/.test(trailer)) {
    throw new Error('The PDF does not have the form that Chromium writes.');
  }
  const entries = [...table.matchAll(/(\d{10}) \d{5} ([nf])/g)];
  const offsets = entries.flatMap(([, offset, use], number) =>
    use === 'n' ? [{ number, offset: Number(offset) }] : [],
  );
  offsets.sort((a, b) => a.offset - b.offset);
  const values = new Map(
    offsets.map(({ number, offset }, index) => [
      number,
      valueOf(pdf.subarray(offset, offsets[index + 1]?.offset ?? start)),
    ]),
  );
  return { values, root, info: reference(trailer, 'Info'), size: entries.length };
}

/** The number of the object that a key of a dictionary refers to. */
export function reference(dictionary: string, key: string): number | undefined {
  const found = new RegExp(`/${key}\\s+(\\d+)\\s+\\d+\\s+R`).exec(dictionary);
  return found ? Number(found[1]) : undefined;
}

/** A dictionary with an entry added at its front; it must not have one of the same key. */
export function withEntry(dictionary: string, key: string, value: string): string {
  return dictionary.replace('<<', () => `<</${key} ${value}`);
}

function valueOf(framed: Buffer): string | Buffer {
  const end = framed.lastIndexOf('endobj');
  const inner = framed.subarray(framed.indexOf('obj') + 'obj'.length, end);
  const text = inner.toString('latin1', Math.max(0, inner.length - TAIL_BYTES)).trimEnd();
  return text.endsWith('endstream') ? inner : inner.toString('latin1').trim();
}
