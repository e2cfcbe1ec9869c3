import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { Catalogue } from './catalogue.ts';
import { photograph } from './chromium/photograph.ts';
import { createComposer } from './compose.ts';
import { loadRendererConfig } from './config.ts';
import { startRenderer } from './renderer.ts';
import { StaticFiles } from './static-files.ts';
import { Thumbnails } from './thumbnails.ts';

/** What stopping may take beyond the grace period, to give tasks back and end the browsers. */
const STOP_MILLISECONDS = 4000;

const config = loadRendererConfig();
const logger = pino({ level: config.logLevel, base: { service: 'renderer' } });

const { staticDirectories, templateDirectories, cacheBytes, chromium } = config;
const files = new StaticFiles({ directories: staticDirectories, cacheBytes });
const templates = new StaticFiles({ directories: templateDirectories, cacheBytes });
const catalogue = new Catalogue(files);
const compose = createComposer({ catalogue, files, templates });
const thumbnails = new Thumbnails({
  ...{ catalogue, files, compose },
  photograph: (document, size) => photograph(document, size, { chromium, staticDirectories, files, logger }),
});

const renderer = await startRenderer(config, {
  compose,
  files,
  logger,
  catalogue: { catalogue, thumbnails },
});
logger.info({ url: renderer.url, daemons: config.daemons }, 'the renderer is up');

const graceMilliseconds = config.graceSeconds * 1000;
closeWithGrace({ delay: graceMilliseconds + STOP_MILLISECONDS, logger: false }, async ({ err, signal }) => {
  if (err) logger.fatal({ err }, 'an error that nobody caught ends the renderer');
  else logger.info({ signal }, 'shutting down');
  await renderer.stop(err ? 0 : graceMilliseconds);
});
