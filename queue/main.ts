import { setTimeout as delay } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { readConfig } from './config.ts';
import { LogOutput } from './observability/log-output.ts';
import { openQueue } from './open.ts';
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
  const { app, close } = openQueue(config, { version: packageJson.version, logger });

  closeWithGrace(
    { delay: (config.shutdownDelaySeconds + config.shutdownSeconds) * 1000, logger },
    async ({ signal, err }) => {
      if (err) logger.fatal({ err }, 'stopping over an error');
      else logger.info({ signal }, 'draining');
      app.startDraining();
      if (!err) await delay(config.shutdownDelaySeconds * 1000);
      await close();
      logger.info('stopped');
    },
  );

  await app.listen({ host: config.host, port: config.port });
}
