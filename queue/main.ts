import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { onShutdown, run } from '../service/start.ts';
import { version } from '../service/version.ts';
import { queueStartHints, readConfig } from './config.ts';
import { LogOutput } from './observability/log-output.ts';
import { openQueue } from './open.ts';

await run(start, queueStartHints);

async function start(): Promise<void> {
  const config = readConfig();
  const output = new LogOutput(process.stdout);
  process.on('exit', () => {
    output.close();
  });
  const logger = pino({ level: config.logLevel, base: { service: 'queue' } }, output);
  const { app, close } = openQueue(config, { version, logger });

  const milliseconds = (config.shutdownDelaySeconds + config.shutdownSeconds) * 1000;
  onShutdown({ logger, milliseconds }, async (failed) => {
    app.startDraining();
    if (!failed) await delay(config.shutdownDelaySeconds * 1000);
    await close();
    logger.info('stopped');
  });

  await app.listen({ host: config.host, port: config.port });
}
