import { deflateSync } from 'node:zlib';
import type { PdfObjects } from './objects.ts';

const HEADER = Buffer.from('%PDF-1.5\n%\xd3\xeb\xe9\xe1\n', 'latin1');
/** The columns of a cross-reference stream, as in `/W`: kind, offset or object stream, index. */
const ROW_BYTES = 1 + 4 + 4;

/**
 * Writes a PDF whose dictionaries are compressed together in an object stream, and whose cross-reference table is a stream
 * as well (ISO 32000-1, 7.5.7 and 7.5.8). Streams are kept unchanged. The same objects give the same bytes. Compression is
 * synchronous because for these few kilobytes zlib's thread pool takes several times as long.
 */
export function writeCompact({ values, root, info, size }: PdfObjects): Buffer {
  const packStream = size;
  const table = size + 1;
  const rows = Buffer.alloc((table + 1) * ROW_BYTES);
  const parts: Buffer[] = [HEADER];
  let length = HEADER.length;
  const enter = (number: number, kind: 1 | 2, where: number, index: number): void => {
    const at = number * ROW_BYTES;
    rows.writeUInt8(kind, at);
    rows.writeUInt32BE(where, at + 1);
    rows.writeUInt32BE(index, at + 5);
  };
  const append = (number: number, ...body: Buffer[]): void => {
    enter(number, 1, length, 0);
    const framed = [Buffer.from(`${number} 0 obj`), ...body, Buffer.from('endobj\n')];
    parts.push(...framed);
    length += framed.reduce((sum, part) => sum + part.length, 0);
  };

  const index: string[] = [];
  const packed: string[] = [];
  let offset = 0;
  for (const [number, value] of values) {
    if (typeof value !== 'string') {
      append(number, value);
      continue;
    }
    enter(number, 2, packStream, packed.length);
    index.push(`${number} ${offset}`);
    packed.push(value);
    offset += value.length + 1;
  }
  const heading = `${index.join(' ')}\n`;
  const pack = deflateSync(Buffer.from(heading + packed.join('\n'), 'latin1'));
  append(packStream, ...stream(`/Type/ObjStm/N ${packed.length}/First ${heading.length}`, pack));

  const start = length;
  enter(table, 1, start, 0);
  const about = `/Type/XRef/Size ${table + 1}/W[1 4 4]/Root ${root} 0 R${info === undefined ? '' : `/Info ${info} 0 R`}`;
  const predictor = `/DecodeParms<</Predictor 12/Columns ${ROW_BYTES}>>`;
  append(table, ...stream(about + predictor, deflateSync(differences(rows))));
  parts.push(Buffer.from(`startxref\n${start}\n%%EOF\n`));
  return Buffer.concat(parts);
}

function stream(keys: string, body: Buffer): Buffer[] {
  const head = `<<${keys}/Filter/FlateDecode/Length ${body.length}>>stream\n`;
  return [Buffer.from(head), body, Buffer.from('\nendstream\n')];
}

/** Each row minus the one above it, preceded by the number of this filter, PNG's "up": consecutive offsets become alike. */
function differences(rows: Buffer): Buffer {
  const filtered = Buffer.alloc((rows.length / ROW_BYTES) * (ROW_BYTES + 1));
  for (let at = 0; at < rows.length; at++) {
    const row = Math.floor(at / ROW_BYTES);
    const above = rows[at - ROW_BYTES] ?? 0;
    filtered[row * (ROW_BYTES + 1)] = 2;
    filtered[at + row + 1] = (rows[at] ?? 0) - above;
  }
  return filtered;
}
