import pino from 'pino';
import { listResources } from '../renderer/catalogue/catalogue.ts';
import { createComposer } from '../renderer/compose/compose.ts';
import type { Sources } from '../renderer/compose/render-task.ts';
import { loadRendererConfig, type RendererConfig } from '../renderer/config.ts';
import { ChromiumLauncher } from '../renderer/print/chromium/launcher.ts';
import { ChromiumPrinter } from '../renderer/print/chromium/printer.ts';
import { TaskError, type PrintableDocument } from '../renderer/print/document.ts';
import { finishPdf } from '../renderer/print/pdf/finish.ts';
import { openSources } from '../renderer/sources.ts';
import { withDeadline } from '../service/deadline.ts';
import { Catalogue } from './catalogue.ts';
import { prepareOutput, writePdf } from './save.ts';
import { CliError, EXIT } from './session.ts';
import type { Payload } from './task.ts';

const TIME_LIMIT_MS = 60_000;

export interface PreviewOptions {
  output: string;
  /** What random content is drawn from: the same seed gives the same document. */
  seed: string;
  signal: AbortSignal;
}

/**
 * Renders in this process. The only file of the client that loads the renderer, with its browser and templates: import it
 * where it is used.
 */
export class Previewer {
  readonly #config: RendererConfig;
  readonly #sources: Sources;

  /** @throws CliError that names the invalid environment variables */
  constructor() {
    try {
      this.#config = loadRendererConfig();
    } catch (error) {
      throw new CliError((error as Error).message, EXIT.usage);
    }
    this.#sources = openSources(this.#config);
  }

  /** What this machine can print: the built-in resources and those in its static directories. */
  async catalogue(): Promise<Catalogue> {
    return new Catalogue({ resources: await listResources(this.#sources.catalogue) });
  }

  /**
   * Renders one document without a queue and resolves to the path of its PDF.
   *
   * @throws CliError when the payload is not a task that can be rendered
   */
  async render(payload: Payload, { output, seed, signal }: PreviewOptions): Promise<string> {
    const document = await this.#compose(payload, seed);
    await prepareOutput(output);
    const overdue = new Error(`Printing took longer than ${TIME_LIMIT_MS / 1000} s.`);
    const limit = { milliseconds: TIME_LIMIT_MS, signals: [signal], overdue };
    const pdf = await withDeadline(limit, (printing) => this.#print(document, printing));
    return writePdf(output, document.filename, pdf);
  }

  async #compose(payload: Payload, seed: string): Promise<PrintableDocument> {
    try {
      return await createComposer(this.#sources)(payload, seed);
    } catch (error) {
      if (error instanceof TaskError) throw new CliError(error.message, EXIT.usage);
      throw error;
    }
  }

  async #print(document: PrintableDocument, signal: AbortSignal): Promise<Buffer> {
    const logger = pino({ level: 'silent' });
    const { chromium, staticDirectories } = this.#config;
    const launcher = await ChromiumLauncher.create(chromium, { staticDirectories, logger });
    const printer = new ChromiumPrinter({
      launch: () => launcher.launch(),
      limits: chromium,
      files: this.#sources.files,
      logger,
      onStart: () => undefined,
    });
    try {
      return finishPdf(await printer.print(document, signal), document);
    } finally {
      await printer.close();
      await launcher.close();
    }
  }
}
