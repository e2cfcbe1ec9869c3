import type { Logger } from 'pino';
import type { ChromiumConfig } from '../../config.ts';
import type { PrintableDocument } from '../document.ts';
import type { Area } from '../../catalogue/paper.ts';
import { untilDeadline } from '../../../service/deadline.ts';
import type { ChromiumBrowser } from './browser.ts';
import { ChromiumLauncher } from './launcher.ts';
import { openDocument } from './page.ts';
import type { FileSource } from './requests.ts';

const LIMIT_MILLISECONDS = 30_000;
const PIXELS_PER_MILLIMETRE = 96 / 25.4;
const QUALITY = 80;

export interface PhotographOptions {
  chromium: ChromiumConfig;
  staticDirectories: readonly string[];
  files: FileSource;
  logger: Logger;
}

/**
 * A small picture, in WebP, of a document's first page. A browser is started for it and gone afterwards, so this is for
 * what happens seldom.
 *
 * @param paper size of the page in millimetres
 * @param pixels the longer side of the picture
 */
export async function photograph(
  document: PrintableDocument,
  { paper, pixels }: { paper: Area; pixels: number },
  { chromium, staticDirectories, files, logger }: PhotographOptions,
): Promise<Buffer> {
  const launcher = await ChromiumLauncher.create(chromium, { staticDirectories, logger });
  try {
    const browser = await launcher.launch();
    const limit = { milliseconds: LIMIT_MILLISECONDS, signals: [browser.gone] };
    try {
      return await untilDeadline(capture(browser, document, { paper, pixels, files, logger }), limit);
    } finally {
      await browser.kill();
    }
  } finally {
    await launcher.close();
  }
}

async function capture(
  browser: ChromiumBrowser,
  document: PrintableDocument,
  { paper, pixels, ...options }: { paper: Area; pixels: number; files: FileSource; logger: Logger },
): Promise<Buffer> {
  const { session } = await browser.openIsolatedPage();
  const [width, height] = [paper.width, paper.height].map((side) => side * PIXELS_PER_MILLIMETRE) as [
    number,
    number,
  ];
  await session.send('Emulation.setDeviceMetricsOverride', {
    width: Math.ceil(width),
    height: Math.ceil(height),
    deviceScaleFactor: 1,
    mobile: false,
  });
  await openDocument(session, document, options);
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: QUALITY,
    clip: { x: 0, y: 0, width, height, scale: pixels / Math.max(width, height) },
  });
  return Buffer.from(data, 'base64');
}
