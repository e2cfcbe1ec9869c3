import './small-heap.ts';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { Agent } from 'undici';
import { HttpProbe } from './scaling/queue-probe.ts';
import { loadOperatorConfig } from './config.ts';
import { createOperatorApp } from './http/app.ts';
import { connect } from './cluster/connection.ts';
import { Operator } from './operator.ts';
import { askPod } from './controller/deletion-cost.ts';
import { startFailure } from './start-failure.ts';

try {
  await start();
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const config = loadOperatorConfig();
  const logger = pino({ level: config.logLevel, base: { service: 'operator' } });
  const connection = connect();
  const queues = new Agent();
  const operator = new Operator(config, {
    ...{ connection, askPod, logger },
    probeOf: (target) => new HttpProbe(target, queues),
  });
  const app = createOperatorApp(operator, logger);

  const stop = new AbortController();
  await app.listen({ host: config.host, port: config.port });
  const running = operator.run(stop.signal);

  closeWithGrace({ delay: 20_000, logger }, async ({ err, signal }) => {
    if (err) logger.fatal({ err }, 'an error that nobody caught ends the operator');
    else logger.info({ signal }, 'shutting down');
    stop.abort(new Error('the operator is stopping'));
    await running;
    await app.close();
    await queues.destroy();
    await connection.close();
  });
}
