import type { Logger } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './cluster/api-client.ts';
import { Cluster } from './cluster/cluster.ts';
import type { KeptAliveKubeConfig } from './cluster/connection.ts';
import { Informers } from './cluster/informers.ts';
import { LeaderElection } from './cluster/leader-election.ts';
import { apiLeases } from './cluster/lease.ts';
import { SILENCE_MS } from './cluster/reflector.ts';
import type { ObjectKey } from './cluster/store.ts';
import type { OperatorConfig } from './config.ts';
import type { AskPod } from './controller/deletion-cost.ts';
import { Reconciler } from './controller/reconciler.ts';
import { WorkQueue } from './controller/work-queue.ts';
import { RateLimiter, runWorkers } from './controller/workers.ts';
import { OperatorMetrics } from './metrics.ts';
import { BacklogWatches } from './scaling/backlog-watches.ts';
import type { QueueProbe, QueueTarget } from './scaling/queue-probe.ts';

export type OperatorSettings = Pick<
  OperatorConfig,
  'namespaces' | 'identity' | 'leader' | 'concurrency' | 'apiConcurrency' | 'renderer'
>;

export interface OperatorDependencies {
  connection: KeptAliveKubeConfig;
  probeOf: (target: QueueTarget) => QueueProbe;
  askPod: AskPod;
  logger: Logger;
  /** The clock that measures the silence of watches, in milliseconds. */
  now?: () => number;
}

/** A reconciliation that takes longer than this is stuck, in milliseconds: all its requests have far shorter limits. */
const STUCK_MS = 300_000;
/** Delay of the turn after a status change, in milliseconds, so that one turn covers several changes. */
const STATUS_DELAY_MS = 200;

/** Watches RenderPools and, while it is the leader, reconciles them. */
export class Operator {
  readonly metrics = new OperatorMetrics();
  readonly #settings: OperatorSettings;
  readonly #dependencies: OperatorDependencies;
  readonly #informers: Informers;
  readonly #election: LeaderElection | undefined;
  #queue: WorkQueue<ObjectKey> | undefined;
  #term: AbortSignal | undefined;

  constructor(settings: OperatorSettings, dependencies: OperatorDependencies) {
    this.#settings = settings;
    this.#dependencies = dependencies;
    const { connection, logger, now } = dependencies;
    this.#informers = new Informers({
      ...{ connection, logger, now, namespaces: settings.namespaces, client: this.#client() },
      onChange: (pool, change) => {
        if (change === 'object') this.#queue?.add(pool);
        else this.#queue?.addAfter(pool, STATUS_DELAY_MS);
      },
    });
    this.#election = settings.leader && this.#elect(settings.leader);
    if (settings.leader) this.metrics.onLeading(settings.leader.name, false);
    for (const reflector of this.#informers.reflectors) {
      this.metrics.onWatchAge(reflector.name, () => reflector.sinceProgressMs / 1000);
    }
  }

  /** Whether this operator reconciles, rather than standing by. */
  get leading(): boolean {
    return this.#queue !== undefined && (this.#election?.leading ?? true);
  }

  /** Problems that only a restart can fix. */
  get liveness(): string[] {
    const { reflectors } = this.#informers;
    const silent = reflectors.filter(({ sinceProgressMs }) => sinceProgressMs > 2 * SILENCE_MS);
    const oldest = this.#queue?.oldestStart;
    return [
      ...silent.map(({ name }) => `the watch of ${name} is stuck`),
      ...(oldest !== undefined && performance.now() - oldest > STUCK_MS ? ['a reconciliation is stuck'] : []),
    ];
  }

  /** Collections that must be listed before the operator can work. */
  get readiness(): string[] {
    return this.#informers.reflectors
      .filter(({ synced }) => !synced)
      .map(({ name }) => `${name} has not been listed yet`);
  }

  /** Runs until the signal is aborted. Then it completes its current work and releases its lease. */
  async run(signal: AbortSignal): Promise<void> {
    const lead = (term: AbortSignal) => this.#lead(term);
    await Promise.all([
      this.#informers.run(signal),
      this.#election ? this.#election.run(signal, lead) : lead(signal),
    ]);
  }

  async #lead(term: AbortSignal): Promise<void> {
    const { logger, probeOf, askPod } = this.#dependencies;
    while (!this.#informers.synced && !term.aborted) await sleep(20);
    const queue = new WorkQueue<ObjectKey>(this.metrics.work);
    const watches = new BacklogWatches<ObjectKey>(probeOf, (pool) => {
      queue.add(pool);
    });
    this.#term = term;
    this.#queue = queue;
    const stop = () => {
      queue.close();
    };
    term.addEventListener('abort', stop, { once: true });
    if (term.aborted) stop();
    const { pools, children } = this.#informers;
    const client = this.#client(() => this.#guardWrite());
    const reconciler = new Reconciler({
      ...{ pools, children, watches, askPod, logger },
      cluster: new Cluster(client, this.#settings.identity),
      defaults: this.#settings.renderer,
      metrics: this.metrics,
    });
    for (const pool of pools.keys()) queue.add(pool);
    try {
      await runWorkers({
        ...{ queue, limiter: new RateLimiter<ObjectKey>(), count: this.#settings.concurrency },
        work: (pool, priority) => this.#timed(() => reconciler.reconcile(pool, priority)),
        onError: (pool, error) => {
          if (!term.aborted) logger.warn({ err: error, pool }, 'reconcile failed, retrying');
        },
      });
    } finally {
      this.#queue = undefined;
      await watches.stop();
    }
  }

  async #timed(work: () => Promise<number | undefined>): Promise<number | undefined> {
    const started = performance.now();
    let result: 'success' | 'requeue_after' | 'error' = 'error';
    try {
      const nextTurnMs = await work();
      result = nextTurnMs === undefined ? 'success' : 'requeue_after';
      return nextTurnMs;
    } finally {
      this.metrics.onReconciled(result, (performance.now() - started) / 1000);
    }
  }

  /** Prevents writes after the leadership is lost, and aborts those in progress with it. */
  #guardWrite(): AbortSignal {
    if (!this.#term || this.#term.aborted || !this.leading)
      throw new Error('this operator is no longer the leader');
    return this.#term;
  }

  #client(guardWrite?: () => AbortSignal): ApiClient {
    const { connection } = this.#dependencies;
    const { apiConcurrency: concurrency } = this.#settings;
    return new ApiClient({
      ...{ connection, concurrency, guardWrite },
      userAgent: 'renderfleet-operator',
      observer: this.metrics,
    });
  }

  #elect(leader: NonNullable<OperatorSettings['leader']>): LeaderElection {
    const { namespace, name } = leader;
    return new LeaderElection({
      ...leader,
      leases: apiLeases(this.#client(), namespace, name),
      identity: this.#settings.identity,
      logger: this.#dependencies.logger,
      onChange: (leading) => {
        this.metrics.onLeading(name, leading);
      },
    });
  }
}
