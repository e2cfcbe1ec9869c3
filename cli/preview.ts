import pino from 'pino';
import { ChromiumLauncher } from '../renderer/print/chromium/launcher.ts';
import { ChromiumPrinter } from '../renderer/print/chromium/printer.ts';
import { createComposer } from '../renderer/compose/compose.ts';
import type { RendererConfig } from '../renderer/config.ts';
import type { PrintableDocument } from '../renderer/print/document.ts';
import { finishPdf } from '../renderer/print/pdf/finish.ts';
import type { Sources } from '../renderer/compose/render-task.ts';
import { checkOrder, orderOf, resourceOf, type OrderOptions } from './order.ts';
import { chosenOptions } from './resource-options.ts';
import { writePdf } from './save.ts';

const TIME_LIMIT_MS = 60_000;

export interface PreviewOptions extends OrderOptions {
  output: string;
  /** What random content is drawn from: the same seed gives the same document. */
  seed: string;
}

export interface PreviewContext {
  sources: Sources;
  renderer: RendererConfig;
  signal: AbortSignal;
}

/** Renders one document here and now, without a queue, and resolves to the path of its PDF. */
export async function preview(
  slug: string,
  given: PreviewOptions & Record<string, unknown>,
  { sources, renderer, signal }: PreviewContext,
): Promise<string> {
  const resource = await resourceOf(slug, sources);
  const payload = orderOf(slug, resource, given, chosenOptions(resource, given));
  await checkOrder(payload, sources);
  const document = await createComposer(sources)(payload, given.seed);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
  const pdf = await printOnce(document, { sources, renderer, signal: limit });
  return writePdf(given.output, document.filename, pdf);
}

async function printOnce(
  document: PrintableDocument,
  { sources: { files }, renderer, signal }: PreviewContext,
): Promise<Buffer> {
  const logger = pino({ level: 'silent' });
  const { chromium, staticDirectories } = renderer;
  const launcher = await ChromiumLauncher.create(chromium, { staticDirectories, logger });
  const printer = new ChromiumPrinter({
    launch: () => launcher.launch(),
    limits: chromium,
    files,
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
