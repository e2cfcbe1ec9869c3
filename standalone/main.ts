import { pino } from 'pino';
import { makeFolder } from '../service/make-folder.ts';
import { onShutdown, run } from '../service/start.ts';
import { name, version } from '../service/version.ts';
import { queueStartHints } from '../queue/config.ts';
import { openQueue } from '../queue/open.ts';
import { rendererStartHints } from '../renderer/config.ts';
import { takeScreenshot } from '../renderer/print/chromium/screenshot.ts';
import { createComposer } from '../renderer/compose/compose.ts';
import { DaemonPool } from '../renderer/worker/daemon-pool.ts';
import { openSources } from '../renderer/sources.ts';
import { Thumbnails } from '../renderer/compose/thumbnails.ts';
import { loadStandaloneConfig } from './config.ts';
import { standaloneRoutes } from './routes.ts';

/** How long stopping may take beyond the grace period, to release tasks and close the browsers. */
const STOP_MS = 5000;

await run(start, [...queueStartHints, ...rendererStartHints]);

async function start(): Promise<void> {
  const { queue, renderer, resultsDirectory, queueLogLevel, rootUrl } = loadStandaloneConfig();
  const logger = pino({ level: queue.logLevel, base: undefined });

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
  onShutdown({ logger, milliseconds: graceMs + STOP_MS }, async (failed) => {
    // Ends the daemons' waiting lease calls, which would otherwise hold up the stop.
    app.startDraining();
    await pool.stop(failed ? 0 : graceMs);
    await close();
  });

  await app.listen({ host: queue.host, port: queue.port });
  pool.run();
  logger.info(
    `Renderfleet is up on ${rootUrl}. Try, in another terminal in this folder: npx renderfleet add grid --wait -o out/`,
  );
}
