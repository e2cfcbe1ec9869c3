import type { Logger } from 'pino';
import { untilAborted, untilDeadline, type Clock } from '../../../service/deadline.ts';
import type { PrintableDocument, Printer } from '../document.ts';
import type { ChromiumBrowser } from './browser.ts';
import { printWithScripts, WarmPage } from './page.ts';
import type { FileSource } from './requests.ts';

const START_MILLISECONDS = 30_000;
const MEMORY_CHECK_MILLISECONDS = 5000;

/** When a working browser is replaced: after a number of documents, or when it uses too much memory. */
export interface RecycleLimits {
  recycleTasks: number;
  recycleBytes: number;
}

interface Running {
  browser: ChromiumBrowser;
  page: WarmPage;
  printed: number;
  memoryCheckedAt: number;
}

/** Prints with a browser of its own and reuses its page for the next document. */
export class ChromiumPrinter implements Printer {
  readonly #launch: () => Promise<ChromiumBrowser>;
  readonly #limits: RecycleLimits;
  readonly #files: FileSource;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onStart: () => void;
  #running: Running | undefined;
  #starting: Promise<void> | undefined;

  constructor({
    launch,
    limits,
    files,
    clock = () => performance.now(),
    logger,
    onStart,
  }: {
    launch: () => Promise<ChromiumBrowser>;
    limits: RecycleLimits;
    files: FileSource;
    clock?: Clock;
    logger: Logger;
    /** Called after each start of a browser. */
    onStart: () => void;
  }) {
    this.#launch = launch;
    this.#limits = limits;
    this.#files = files;
    this.#clock = clock;
    this.#logger = logger;
    this.#onStart = onStart;
  }

  /** Starts at most one browser at a time, also when it is called again before the first start has ended. */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<void> {
    if (this.#running?.browser.gone.aborted) await this.#discard();
    if (this.#running && this.#isWornOut(this.#running)) await this.#stop();
    if (this.#running) return;
    const browser = await this.#launch();
    try {
      const page = await this.#openWarmPage(browser);
      this.#running = { browser, page, printed: 0, memoryCheckedAt: this.#clock() };
    } catch (error) {
      await browser.kill();
      throw error;
    }
    this.#onStart();
  }

  async print(document: PrintableDocument, signal: AbortSignal): Promise<Buffer> {
    await untilAborted(this.start(), signal);
    const running = this.#running;
    if (!running) throw new Error('The printer was closed.');
    try {
      const pdf = await untilAborted(this.#print(running, document), signal, running.browser.gone);
      running.printed++;
      return pdf;
    } catch (error) {
      await this.#discard();
      signal.throwIfAborted();
      throw running.browser.gone.aborted ? running.browser.gone.reason : error;
    }
  }

  async close(): Promise<void> {
    // A browser that is still starting would outlive the printer.
    await this.#starting?.catch(() => undefined);
    await this.#stop();
  }

  async #stop(): Promise<void> {
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
    const opening = browser
      .openQuietPage()
      .then((session) => WarmPage.open(session, { files: this.#files, logger: this.#logger }));
    return untilDeadline(opening, { milliseconds: START_MILLISECONDS, signals: [browser.gone] });
  }

  #isWornOut(running: Running): boolean {
    if (running.printed >= this.#limits.recycleTasks) return true;
    const now = this.#clock();
    if (now - running.memoryCheckedAt < MEMORY_CHECK_MILLISECONDS) return false;
    running.memoryCheckedAt = now;
    return running.browser.memory() >= this.#limits.recycleBytes;
  }

  async #discard(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.browser.kill();
  }
}
