import { join } from 'node:path';
import { pino } from 'pino';
import { worksheets } from '../../catalogues/worksheets/worksheets.ts';
import { Catalogue } from '../../renderer/catalogue/catalogue.ts';
import { ChromiumLauncher } from '../../renderer/print/chromium/launcher.ts';
import { ChromiumPrinter } from '../../renderer/print/chromium/printer.ts';
import { createComposer } from '../../renderer/compose/compose.ts';
import { loadRendererConfig } from '../../renderer/config.ts';
import { finishPdf } from '../../renderer/print/pdf/finish.ts';
import { StaticFiles } from '../../renderer/catalogue/static-files.ts';

const BUILT_IN = join(import.meta.dirname, '../../static');
const PRINT_MILLISECONDS = 60_000;

/** Tasks to PDFs with a real browser and no queue. */
export interface TaskPrinter {
  catalogue: Catalogue;
  /**
   * The PDF of a task as the renderer would publish it, and how many bytes Chromium printed for it. Rejects with TaskError
   * for a bad task.
   */
  print(
    task: Record<string, unknown>,
    seed?: string,
  ): Promise<{ filename: string; pdf: Buffer; printedBytes: number }>;
  close(): Promise<void>;
}

/** Opens a printer whose browser starts with the first task. `own` are static directories searched before the built-in one. */
export async function openTaskPrinter(own: string[] = []): Promise<TaskPrinter> {
  const directories = [...own, BUILT_IN];
  const files = new StaticFiles({ directories, cacheBytes: 2 ** 26 });
  const templates = new StaticFiles({
    directories: directories.map((directory) => join(directory, 'templates')),
    cacheBytes: 2 ** 20,
  });
  const catalogue = new Catalogue(files, worksheets);
  const compose = createComposer({ catalogue, files, templates });
  const { chromium } = loadRendererConfig({ PATH: process.env.PATH });
  const logger = pino({ level: 'silent' });
  const launcher = await ChromiumLauncher.create(chromium, { staticDirectories: directories, logger });
  const printer = new ChromiumPrinter({
    launch: () => launcher.launch(),
    limits: chromium,
    files,
    logger,
    onStart: () => undefined,
  });
  return {
    catalogue,
    async print(task, seed = 'seed') {
      const document = await compose(task, seed);
      const printed = await printer.print(document, AbortSignal.timeout(PRINT_MILLISECONDS));
      const pdf = finishPdf(printed, document);
      return { filename: document.filename, pdf, printedBytes: printed.length };
    },
    async close() {
      await printer.close();
      await launcher.close();
    },
  };
}
