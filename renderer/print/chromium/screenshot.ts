import type { Logger } from 'pino';
import { untilDeadline } from '../../../service/deadline.ts';
import type { PrintableDocument } from '../document.ts';
import type { ChromiumBrowser } from './browser.ts';
import { ChromiumLauncher, type ChromiumConfig } from './launcher.ts';
import { openDocument } from './page.ts';
import type { FileSource } from './requests.ts';

const LIMIT_MILLISECONDS = 30_000;
const PIXELS_PER_MILLIMETRE = 96 / 25.4;
const QUALITY = 80;

export interface ScreenshotOptions {
  chromium: ChromiumConfig;
  staticDirectories: readonly string[];
  files: FileSource;
  logger: Logger;
}

interface ScreenshotSize {
  /** Size of the page in millimetres. */
  paper: { width: number; height: number };
  /** Of the picture's longer side. */
  pixels: number;
}

/**
 * Takes a screenshot of a document's first page, in WebP. It starts a browser and kills it afterwards, so it is meant for
 * occasional use.
 */
export async function takeScreenshot(
  document: PrintableDocument,
  size: ScreenshotSize,
  { chromium, staticDirectories, files, logger }: ScreenshotOptions,
): Promise<Buffer> {
  const launcher = await ChromiumLauncher.create(chromium, { staticDirectories, logger });
  try {
    const browser = await launcher.launch();
    const limit = { milliseconds: LIMIT_MILLISECONDS, signals: [browser.gone] };
    try {
      return await untilDeadline(capture(browser, document, { ...size, files, logger }), limit);
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
  { paper, pixels, ...options }: ScreenshotSize & { files: FileSource; logger: Logger },
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
