/**
 * The parts of a batch: multipart/mixed (RFC 2046) of application/http (RFC 9112, section 10.2). Lines may end in LF alone,
 * as Google's Python client sends them. Pure.
 */

/** An HTTP message or a part of a multipart body, names of headers in lower case. */
export interface Message {
  headers: ReadonlyMap<string, string>;
  body: string;
}

/** A request as it stands in a part. */
export interface PartRequest extends Message {
  method: string;
  target: string;
}

/** Lines of headers beyond are not looked at, so that a part of nothing else costs no memory. */
const MOST_HEADERS = 100;

/** The boundary that a Content-Type names; absent when it is not multipart/mixed. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (!/^multipart\/mixed\s*;/i.test(contentType ?? '')) return undefined;
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2];
}

/**
 * The text of each part between the boundaries; what stands before the first and after the last does not count.
 * @returns undefined when the closing boundary is missing
 */
export function splitMultipart(text: string, boundary: string): string[] | undefined {
  const [, ...sections] = `\n${text}`.split(`\n--${boundary}`);
  const end = sections.findIndex((section) => section.startsWith('--'));
  return end < 0 ? undefined : sections.slice(0, end);
}

/** A part read. The rest of a boundary's line is padding; the line break before the next boundary belongs to that. */
export function parsePart(section: string): Message {
  return parseMessage(section.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, ''));
}

/** The request in a part; absent when its first line is none, as `GET /path HTTP/1.1` would be. */
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

/** Messages as a multipart/mixed body. */
export function formatMultipart(messages: readonly Message[], boundary: string): string {
  const parts = messages.map((message) => `--${boundary}\r\n${formatMessage(message)}\r\n`);
  return `${parts.join('')}--${boundary}--\r\n`;
}

/** Headers, an empty line, and the body. */
export function formatMessage({ headers, body }: Message): string {
  const lines = Array.from(headers, ([name, value]) => `${name}: ${value}\r\n`);
  return `${lines.join('')}\r\n${body}`;
}
