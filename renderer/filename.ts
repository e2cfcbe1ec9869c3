import filenamify from 'filenamify';

const MAX_BYTES = 240;

/**
 * The file name of a document, `{name} ({subtitle}).pdf`, safe on every common file system: no separators, control or
 * reserved characters, and never too long, for which the name is cut.
 */
export function documentFilename(name: string, subtitle: string): string {
  const ending = ` (${subtitle}).pdf`;
  const room = Math.max(1, MAX_BYTES - Buffer.byteLength(ending));
  const { read } = new TextEncoder().encodeInto(name, new Uint8Array(room));
  return filenamify(name.slice(0, read).trim() + ending, { replacement: '-', maxLength: MAX_BYTES });
}
