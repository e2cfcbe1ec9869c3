import { pino } from 'pino';
import { onShutdown, run } from '../service/start.ts';
import { takeScreenshot } from './print/chromium/screenshot.ts';
import { createComposer } from './compose/compose.ts';
import { loadRendererConfig, rendererStartHints } from './config.ts';
import { startRenderer } from './renderer.ts';
import { openSources } from './sources.ts';
import { Thumbnails } from './compose/thumbnails.ts';

/** How long stopping may take beyond the grace period, to release tasks and close the browsers. */
const STOP_MILLISECONDS = 4000;

await run(start, rendererStartHints);

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
  logger.info({ url: renderer.url, daemons: config.daemons }, 'renderer started');

  const graceMilliseconds = config.graceSeconds * 1000;
  onShutdown({ logger, milliseconds: graceMilliseconds + STOP_MILLISECONDS }, (failed) =>
    renderer.stop(failed ? 0 : graceMilliseconds),
  );
}
