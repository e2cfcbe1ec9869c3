import './small-heap.ts';
import { pino } from 'pino';
import { Agent } from 'undici';
import { onShutdown, run } from '../service/start.ts';
import { HttpProbe } from './scaling/queue-probe.ts';
import { loadOperatorConfig } from './config.ts';
import { createOperatorApp } from './http/app.ts';
import { connect } from './cluster/connection.ts';
import { Operator } from './operator.ts';
import { askPod } from './controller/deletion-cost.ts';

/** How long stopping may take, to finish requests and release the lease. */
const STOP_MILLISECONDS = 20_000;

await run(start);

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

  onShutdown({ logger, milliseconds: STOP_MILLISECONDS }, async () => {
    stop.abort(new Error('the operator is shutting down'));
    await running;
    await app.close();
    await queues.destroy();
    await connection.close();
  });
}
