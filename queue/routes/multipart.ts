/**
 * The parts of a batch: multipart/mixed (RFC 2046) of application/http (RFC 9112, section 10.2). By hand, because kept
 * parsers (@fastify/busboy, dicer) read form data, need CRLF and know no application/http, while Google's Python client ends
 * lines in LF alone. Pure.
 */

/** An HTTP message or a part of a multipart body; header names are in lower case. */
export interface Message {
  headers: ReadonlyMap<string, string>;
  body: string;
}

/** The request in a part. */
export interface PartRequest extends Message {
  method: string;
  target: string;
}

/** Header lines beyond these are ignored, so that a part full of them costs no memory. */
const MOST_HEADERS = 100;

/** The boundary in a Content-Type; undefined when it is not multipart/mixed. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (!/^multipart\/mixed\s*;/i.test(contentType ?? '')) return undefined;
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2];
}

/**
 * The text of each part between the boundaries, without preamble and epilogue.
 * @returns undefined when the closing boundary is missing
 */
export function splitMultipart(text: string, boundary: string): string[] | undefined {
  const [, ...sections] = `\n${text}`.split(`\n--${boundary}`);
  const end = sections.findIndex((section) => section.startsWith('--'));
  return end < 0 ? undefined : sections.slice(0, end);
}

/** Parses a part. The rest of a boundary's line is padding; the line break before the next boundary belongs to that. */
export function parsePart(section: string): Message {
  return parseMessage(section.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, ''));
}

/** Parses the request in a part; undefined unless its first line is one, such as `GET /path HTTP/1.1`. */
export function parseRequest(text: string): PartRequest | undefined {
  const line = /^\s*([A-Z]+) (\S+)(?: HTTP\/1\.[01])?[ \t]*(?:\r?\n|$)/.exec(text);
  if (!line) return undefined;
  const [whole, method = '', target = ''] = line;
  return { method, target, ...parseMessage(text.slice(whole.length)) };
}

function parseMessage(text: string): Message {
  const gap = /(?:^|\r?\n)\r?\n/.exec(text);
  const head = gap ? text.slice(0, gap.index) : text;
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/, MOST_HEADERS)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, body: gap ? text.slice(gap.index + gap[0].length) : '' };
}

/** Formats messages as a multipart/mixed body. */
export function formatMultipart(messages: readonly Message[], boundary: string): string {
  const parts = messages.map((message) => `--${boundary}\r\n${formatMessage(message)}\r\n`);
  return `${parts.join('')}--${boundary}--\r\n`;
}

/** Formats headers, an empty line and the body. */
export function formatMessage({ headers, body }: Message): string {
  const lines = Array.from(headers, ([name, value]) => `${name}: ${value}\r\n`);
  return `${lines.join('')}\r\n${body}`;
}
