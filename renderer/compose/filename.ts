import filenamify from 'filenamify';

const MAX_BYTES = 240;

/**
 * The file name of a document, `{name} ({subtitle}).pdf`, safe on every common file system: not hidden, no separators,
 * control or reserved characters, and never too long, for which the name is cut.
 */
export function documentFilename(name: string, subtitle: string): string {
  const ending = ` (${subtitle}).pdf`;
  const room = Math.max(1, MAX_BYTES - Buffer.byteLength(ending));
  const visible = name.toWellFormed().replace(/^[.\s]+/, '');
  const { read } = new TextEncoder().encodeInto(visible, new Uint8Array(room));
  return filenamify(visible.slice(0, read).trim() + ending, {
    replacement: '-',
    maxLength: MAX_BYTES,
  }).trim();
}
