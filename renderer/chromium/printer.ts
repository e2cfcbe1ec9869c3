import type { Logger } from 'pino';
import type { PrintableDocument } from '../document.ts';
import type { Printer } from '../printer.ts';
import { untilAborted } from '../until-aborted.ts';
import type { ChromiumBrowser } from './browser.ts';
import { printWithScripts, WarmPage } from './page.ts';
import type { FileSource } from './requests.ts';

const START_MILLISECONDS = 30_000;
const MEMORY_CHECK_TASKS = 20;

/** When a browser is replaced although it works: after so many documents, or when it holds so much memory. */
export interface RecycleLimits {
  recycleTasks: number;
  recycleBytes: number;
}

interface Running {
  browser: ChromiumBrowser;
  page: WarmPage;
  printed: number;
}

/** Prints with a browser of its own, whose page is kept from document to document. */
export class ChromiumPrinter implements Printer {
  readonly #launch: () => Promise<ChromiumBrowser>;
  readonly #limits: RecycleLimits;
  readonly #files: FileSource;
  readonly #logger: Logger;
  readonly #onStart: () => void;
  #running: Running | undefined;

  constructor({
    launch,
    limits,
    files,
    logger,
    onStart,
  }: {
    launch: () => Promise<ChromiumBrowser>;
    limits: RecycleLimits;
    files: FileSource;
    logger: Logger;
    /** Called whenever a browser has been started. */
    onStart: () => void;
  }) {
    this.#launch = launch;
    this.#limits = limits;
    this.#files = files;
    this.#logger = logger;
    this.#onStart = onStart;
  }

  async start(): Promise<void> {
    if (this.#running?.browser.gone.aborted) await this.#discard();
    if (this.#running && (await this.#isWornOut(this.#running))) await this.close();
    if (this.#running) return;
    const browser = await this.#launch();
    try {
      this.#running = { browser, page: await this.#openWarmPage(browser), printed: 0 };
    } catch (error) {
      await browser.kill();
      throw error;
    }
    this.#onStart();
  }

  async print(document: PrintableDocument, signal: AbortSignal): Promise<Buffer> {
    await this.start();
    const running = this.#running;
    if (!running) throw new Error('The printer was closed.');
    try {
      const either = AbortSignal.any([signal, running.browser.gone]);
      const pdf = await untilAborted(this.#print(running, document), either);
      running.printed++;
      return pdf;
    } catch (error) {
      await this.#discard();
      signal.throwIfAborted();
      throw running.browser.gone.aborted ? running.browser.gone.reason : error;
    }
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.browser.close();
  }

  async #print(running: Running, document: PrintableDocument): Promise<Buffer> {
    const options = { files: this.#files, logger: this.#logger };
    if (document.javascript) {
      const { session, dispose } = await running.browser.openIsolatedPage();
      const pdf = await printWithScripts(session, document, options);
      await dispose();
      return pdf;
    }
    const { pdf, settled } = await running.page.print(document);
    if (!settled) running.printed = Infinity;
    return pdf;
  }

  async #openWarmPage(browser: ChromiumBrowser): Promise<WarmPage> {
    const limit = AbortSignal.any([AbortSignal.timeout(START_MILLISECONDS), browser.gone]);
    const opening = browser
      .openQuietPage()
      .then((session) => WarmPage.open(session, { files: this.#files, logger: this.#logger }));
    return untilAborted(opening, limit);
  }

  async #isWornOut({ browser, printed }: Running): Promise<boolean> {
    if (printed >= this.#limits.recycleTasks) return true;
    if (printed === 0 || printed % MEMORY_CHECK_TASKS !== 0) return false;
    return (await browser.memory()) >= this.#limits.recycleBytes;
  }

  async #discard(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.browser.kill();
  }
}
