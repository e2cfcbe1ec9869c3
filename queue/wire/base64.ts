/**
 * Decodes base64 in the standard or the URL-safe alphabet, padding optional (RFC 4648, sections 4 and 5).
 * @returns undefined for any other text
 */
export function decodeBase64(text: string): Buffer | undefined {
  const symbols = countSymbols(text);
  if (symbols % 4 === 1 || (symbols < text.length && text.length % 4 !== 0)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  // Node skips characters that are not base64; then the result is too short.
  return bytes.length === decodedLength(text) ? bytes : undefined;
}

/** How many bytes base64 text decodes to if all its characters are valid. */
export function decodedLength(text: string): number {
  return Math.floor((countSymbols(text) * 3) / 4);
}

/**
 * Encodes bytes in the standard alphabet with padding.
 * @param from the text that they were decoded from; it is returned itself where it is in that form, which saves the work
 */
export function encodeBase64(bytes: Buffer, from: string): string {
  if (from.length % 4 !== 0 || from.includes('-') || from.includes('_')) return bytes.toString('base64');
  // Bits of the last symbol that belong to no byte may be anything, so only encoding tells.
  const tail = bytes.subarray(Math.floor((bytes.length - 1) / 3) * 3).toString('base64');
  return from.endsWith(tail) ? from : bytes.toString('base64');
}

function countSymbols(text: string): number {
  if (text.endsWith('==')) return text.length - 2;
  return text.endsWith('=') ? text.length - 1 : text.length;
}
