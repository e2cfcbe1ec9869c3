import type { Logger } from 'pino';
import type { CDPSession, Protocol } from 'puppeteer-core';
import { STATIC_ORIGIN } from '../document.ts';

/** Where a page's files come from. A path is below the static origin, decoded, without a leading slash. */
export interface FileSource {
  read(path: string): Promise<{ body: Buffer; contentType: string } | undefined>;
}

/** The address of every document that a page navigates to; no static file has such a name. */
export const DOCUMENT_URL = `${STATIC_ORIGIN}/.document`;

/**
 * Answers every request of a page with its document, a static file, or a refusal. Refused requests fail at once and do not
 * delay the page; a refused navigation leaves it where it is. Once a page has its document it cannot navigate, not even to
 * reload, because Chromium may crash when a page navigates while it is printed.
 *
 * @param html the document to serve at DOCUMENT_URL
 */
export async function answerRequests(
  session: CDPSession,
  { files, html, logger }: { files: FileSource; html: string; logger: Logger },
): Promise<void> {
  let page: string | undefined;
  session.on('Fetch.requestPaused', (event) => {
    const isLeaving = event.resourceType === 'Document' && event.frameId === page;
    if (event.request.url === DOCUMENT_URL) page ??= event.frameId;
    const answering = isLeaving
      ? refuse(session, event, { why: 'it would navigate away from the document', logger })
      : answer(session, event, { files, html, logger });
    answering.catch((error: unknown) => {
      logger.debug({ err: error }, 'request cancelled before it was answered');
    });
  });
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
}

async function answer(
  session: CDPSession,
  event: Protocol.Fetch.RequestPausedEvent,
  { files, html, logger }: { files: FileSource; html: string; logger: Logger },
): Promise<void> {
  const { requestId, request } = event;
  if (request.url === DOCUMENT_URL) {
    await fulfill(session, requestId, { body: Buffer.from(html), contentType: 'text/html; charset=utf-8' });
    return;
  }
  const path = staticPath(request.url);
  const file = path === undefined ? undefined : await readFile(files, path, logger);
  if (file) {
    await fulfill(session, requestId, file);
    return;
  }
  const why = path === undefined ? 'only the static directories can be reached' : 'file not found';
  await refuse(session, event, { why, logger });
}

async function refuse(
  session: CDPSession,
  { requestId, request, resourceType }: Protocol.Fetch.RequestPausedEvent,
  { why, logger }: { why: string; logger: Logger },
): Promise<void> {
  logger.warn({ url: request.url.slice(0, 500) }, `request refused: ${why}`);
  const errorReason = resourceType === 'Document' ? 'Aborted' : 'BlockedByClient';
  await session.send('Fetch.failRequest', { requestId, errorReason });
}

/** The decoded path of a URL below the static origin, or undefined for any other URL. */
function staticPath(url: string): string | undefined {
  const { origin, pathname } = new URL(url);
  if (origin !== STATIC_ORIGIN) return undefined;
  try {
    return decodeURIComponent(pathname.slice(1));
  } catch {
    return undefined;
  }
}

async function readFile(files: FileSource, path: string, logger: Logger) {
  try {
    return await files.read(path);
  } catch (error) {
    logger.error({ err: error, path }, 'reading a static file failed');
    return undefined;
  }
}

async function fulfill(
  session: CDPSession,
  requestId: string,
  { body, contentType }: { body: Buffer; contentType: string },
): Promise<void> {
  await session.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: 200,
    responseHeaders: [
      { name: 'content-type', value: contentType },
      { name: 'x-content-type-options', value: 'nosniff' },
      { name: 'access-control-allow-origin', value: '*' },
    ],
    body: body.toString('base64'),
  });
}
