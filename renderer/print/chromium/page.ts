import type { Logger } from 'pino';
import type { CDPSession, Protocol } from 'puppeteer-core';
import { untilDeadline } from '../../../service/deadline.ts';
import type { PrintableDocument } from '../document.ts';
import { answerRequests, DOCUMENT_URL, type FileSource } from './requests.ts';

/** Static files are local, so one that has not arrived by then never will. */
const LOAD_MILLISECONDS = 5000;

/** Settles when fonts are loaded and scripts have drawn two animation frames. */
const DRAWN =
  'document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))))';

/** A4 unless the document sets a page size; margins are set by the document. */
const PRINT_OPTIONS: Protocol.Page.PrintToPDFRequest = {
  printBackground: true,
  preferCSSPageSize: true,
  paperWidth: 8.27,
  paperHeight: 11.69,
  marginTop: 0,
  marginBottom: 0,
  marginLeft: 0,
  marginRight: 0,
  generateDocumentOutline: false,
  transferMode: 'ReturnAsBase64',
};

interface PageOptions {
  files: FileSource;
  logger: Logger;
}

/**
 * A page that prints document after document, without scripts. Its address stays within the static origin, so that
 * documents can refer to files by path.
 */
export class WarmPage {
  readonly #session: CDPSession;
  readonly #frameId: string;
  readonly #logger: Logger;

  private constructor(session: CDPSession, frameId: string, logger: Logger) {
    this.#session = session;
    this.#frameId = frameId;
    this.#logger = logger;
  }

  static async open(session: CDPSession, { files, logger }: PageOptions): Promise<WarmPage> {
    await prepare(session);
    await session.send('Emulation.setScriptExecutionDisabled', { value: true });
    await answerRequests(session, { files, html: '', logger });
    await visit(session);
    const { frameTree } = await session.send('Page.getFrameTree');
    return new WarmPage(session, frameTree.frame.id, logger);
  }

  /** Prints a document. `settled` is false when a file did not load in time: loaded late, it would disturb the next document. */
  async print(document: PrintableDocument): Promise<{ pdf: Buffer; settled: boolean }> {
    const loaded = nextLoad(this.#session);
    await this.#session.send('Page.setDocumentContent', { frameId: this.#frameId, html: document.html });
    const settled = await inTime(loaded);
    if (!settled) this.#logger.warn('a document was printed before all its files had loaded');
    return { pdf: await printToPdf(this.#session, document), settled };
  }
}

/** Prints one document and runs its scripts, in a page that prints nothing else. */
export async function printWithScripts(
  session: CDPSession,
  document: PrintableDocument,
  options: PageOptions,
): Promise<Buffer> {
  await openDocument(session, document, options);
  return printToPdf(session, document);
}

/** Opens one document in a page of its own and waits until it is drawn, including what its scripts draw. */
export async function openDocument(
  session: CDPSession,
  document: PrintableDocument,
  { files, logger }: PageOptions,
): Promise<void> {
  session.on('Page.javascriptDialogOpening', () => {
    session.send('Page.handleJavaScriptDialog', { accept: false }).catch(() => undefined);
  });
  await prepare(session);
  await answerRequests(session, { files, html: document.html, logger });
  await session.send('Emulation.setScriptExecutionDisabled', { value: !document.javascript });
  await visit(session);
  if (!document.javascript) return;
  await inTime(session.send('Runtime.evaluate', { expression: DRAWN, awaitPromise: true }));
}

async function prepare(session: CDPSession): Promise<void> {
  await session.send('Page.enable');
  await session.send('Emulation.setEmulatedMedia', { media: 'print' });
}

async function visit(session: CDPSession): Promise<void> {
  const loaded = nextLoad(session);
  const { errorText } = await session.send('Page.navigate', { url: DOCUMENT_URL });
  if (errorText) throw new Error(`Chromium did not open the document: ${errorText}.`);
  await inTime(loaded);
}

async function printToPdf(session: CDPSession, { tagged }: PrintableDocument): Promise<Buffer> {
  const { data } = await session.send('Page.printToPDF', { ...PRINT_OPTIONS, generateTaggedPDF: tagged });
  return Buffer.from(data, 'base64');
}

function nextLoad(session: CDPSession): Promise<void> {
  return new Promise((resolve) => {
    session.once('Page.loadEventFired', () => {
      resolve();
    });
  });
}

async function inTime(loaded: Promise<unknown>): Promise<boolean> {
  const overdue = new Error(`the page did not load within ${LOAD_MILLISECONDS} ms`);
  try {
    await untilDeadline(loaded, { milliseconds: LOAD_MILLISECONDS, overdue });
    return true;
  } catch (error) {
    if (error === overdue) return false;
    throw error;
  }
}
