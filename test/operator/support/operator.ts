import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { Agent } from 'undici';
import { HttpProbe } from '../../../operator/scaling/queue-probe.ts';
import type { LeaderConfig } from '../../../operator/cluster/leader-election.ts';
import type { KeptAliveKubeConfig } from '../../../operator/cluster/connection.ts';
import { Operator } from '../../../operator/operator.ts';
import type { AskPod } from '../../../operator/controller/deletion-cost.ts';
import type { Cluster } from '../../harness/kubernetes/cluster.ts';

export interface OperatorUnderTest {
  operator: Operator;
  connection: KeptAliveKubeConfig;
  stop(): Promise<void>;
}

export interface OperatorUnderTestOptions {
  /** Default: the whole cluster. */
  namespaces?: string[];
  leader?: LeaderConfig;
  /** Default: the administrator's. */
  token?: string;
  askPod?: AskPod;
  /** The clock that measures the silence of watches. */
  now?: () => number;
  /** Receives every line of the operator's log. */
  onLog?: (line: string) => void;
}

/** Runs an operator in this process against a real API server and real queues. OPERATOR_LOG sets its log level. */
export function startOperator(cluster: Cluster, options: OperatorUnderTestOptions = {}): OperatorUnderTest {
  const identity = `operator-${randomUUID()}`;
  const connection = cluster.connection(options.token);
  const queues = new Agent();
  const operator = new Operator(
    {
      namespaces: options.namespaces ?? [],
      identity,
      leader: options.leader,
      concurrency: 8,
      apiConcurrency: 16,
      renderer: {
        image: 'renderfleet/renderer:test',
        imagePullPolicy: 'IfNotPresent',
        staticDirectory: '/app/static',
      },
    },
    {
      connection,
      probeOf: (target) => new HttpProbe(target, queues),
      ...(options.now && { now: options.now }),
      askPod: options.askPod ?? (() => Promise.resolve(undefined)),
      logger: options.onLog
        ? pino({ level: 'debug' }, { write: options.onLog })
        : pino({ level: process.env.OPERATOR_LOG ?? 'silent' }),
    },
  );
  const stopping = new AbortController();
  const running = operator.run(stopping.signal);
  return {
    operator,
    connection,
    async stop() {
      stopping.abort(new Error('the test is over'));
      await running;
      await queues.destroy();
      await connection.close();
    },
  };
}
