import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { takeScreenshot } from './print/chromium/screenshot.ts';
import { createComposer } from './compose/compose.ts';
import { loadRendererConfig } from './config.ts';
import { startRenderer } from './renderer.ts';
import { openSources } from './sources.ts';
import { startFailure } from './start-failure.ts';
import { Thumbnails } from './compose/thumbnails.ts';

/** What stopping may take beyond the grace period, to give tasks back and end the browsers. */
const STOP_MILLISECONDS = 4000;

try {
  await start();
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const config = loadRendererConfig();
  const logger = pino({ level: config.logLevel, base: { service: 'renderer' } });

  const { staticDirectories, chromium } = config;
  const sources = openSources(config);
  const { catalogue, files } = sources;
  const compose = createComposer(sources);
  const thumbnails = new Thumbnails({
    ...{ catalogue, files, compose },
    screenshot: (document, size) =>
      takeScreenshot(document, size, { chromium, staticDirectories, files, logger }),
  });

  const renderer = await startRenderer(config, {
    compose,
    files,
    logger,
    catalogue: { catalogue, thumbnails },
  });
  logger.info({ url: renderer.url, daemons: config.daemons }, 'the renderer is up');

  const graceMilliseconds = config.graceSeconds * 1000;
  closeWithGrace({ delay: graceMilliseconds + STOP_MILLISECONDS, logger }, async ({ err, signal }) => {
    if (err) logger.fatal({ err }, 'an error that nobody caught ends the renderer');
    else logger.info({ signal }, 'shutting down');
    await renderer.stop(err ? 0 : graceMilliseconds);
  });
}
