import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { makeFolder } from '../service/make-folder.ts';
import { openQueue } from '../queue/open.ts';
import { startFailure } from '../queue/start-failure.ts';
import { takeScreenshot } from '../renderer/print/chromium/screenshot.ts';
import { createComposer } from '../renderer/compose/compose.ts';
import { DaemonPool } from '../renderer/worker/daemon-pool.ts';
import { openSources } from '../renderer/sources.ts';
import { Thumbnails } from '../renderer/compose/thumbnails.ts';
import { loadStandaloneConfig } from './config.ts';
import { standaloneRoutes } from './routes.ts';

/** What stopping may take beyond the grace period, to give tasks back and end the browsers. */
const STOP_MS = 5000;

try {
  await start();
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const { queue, renderer, resultsDirectory, queueLogLevel, rootUrl } = loadStandaloneConfig();
  const logger = pino({ level: queue.logLevel, base: undefined });
  const { name, version } = packageJson;

  const sources = openSources(renderer);
  const compose = createComposer(sources);
  const { chromium, staticDirectories } = renderer;
  const { catalogue, files } = sources;
  const thumbnails = new Thumbnails({
    ...{ catalogue, files, compose },
    screenshot: (document, size) =>
      takeScreenshot(document, size, { chromium, staticDirectories, files, logger }),
  });
  const pool = await DaemonPool.create(renderer, { compose, files, logger });
  const { app, close } = openQueue(queue, {
    version,
    logger,
    requestLogger: logger.child({}, { level: queueLogLevel }),
  });
  if (resultsDirectory !== undefined) makeFolder(resultsDirectory);
  await app.register(standaloneRoutes, {
    liveness: { pool, name, version },
    catalogue: { catalogue, thumbnails },
    resultsDirectory,
  });

  const graceMs = renderer.graceSeconds * 1000;
  closeWithGrace({ delay: graceMs + STOP_MS, logger }, async ({ err, signal }) => {
    if (err) logger.fatal({ err }, 'stopping over an error');
    else logger.info({ signal }, 'stopping: unfinished tasks stay in the queue');
    // Ends the daemons' waiting lease calls, which they would otherwise sit out.
    app.startDraining();
    await pool.stop(err ? 0 : graceMs);
    await close();
  });

  await app.listen({ host: queue.host, port: queue.port });
  pool.run();
  logger.info(`Renderfleet is up on ${rootUrl}; try: npx renderfleet add grid --wait -o out/`);
}
