import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { watchAuthorization } from './auth-file.ts';
import { readConfig } from './config.ts';
import { createQueueApp } from './http/app.ts';
import { LogOutput } from './log-output.ts';
import { openRedisStore } from './redis/store.ts';
import { openSqliteStore } from './sqlite/store.ts';
import { startFailure } from './start-failure.ts';

try {
  await start();
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const config = readConfig();
  const output = new LogOutput(process.stdout);
  process.on('exit', () => {
    output.close();
  });
  const logger = pino({ level: config.logLevel, base: { service: 'queue' } }, output);
  const store = config.redis
    ? openRedisStore(config.redis, logger)
    : openSqliteStore(join(config.dataDirectory, 'queue.sqlite'));
  const authorization =
    config.authFile === undefined ? undefined : watchAuthorization(config.authFile, logger);
  const app = createQueueApp({
    store,
    settings: config.settings,
    authorization: authorization?.authorization,
    logger,
    version: packageJson.version,
    trustProxy: config.trustProxy,
  });

  closeWithGrace(
    { delay: (config.shutdownDelaySeconds + config.shutdownSeconds) * 1000, logger },
    async ({ signal, err }) => {
      if (err) logger.fatal({ err }, 'stopping over an error');
      else logger.info({ signal }, 'draining');
      app.startDraining();
      if (!err) await delay(config.shutdownDelaySeconds * 1000);
      await app.close();
      authorization?.close();
      await store.close();
      logger.info('stopped');
    },
  );

  await app.listen({ host: config.host, port: config.port });
}
