import type { Logger } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { BacklogWatches } from './scaling/backlog-watches.ts';
import type { QueueProbe, QueueTarget } from './scaling/queue-probe.ts';
import type { OperatorConfig } from './config.ts';
import { ApiClient } from './cluster/api-client.ts';
import { ApiCluster } from './cluster/api-cluster.ts';
import { apiLeases } from './cluster/api-leases.ts';
import type { KeptAliveKubeConfig } from './cluster/connection.ts';
import { SILENCE_MS } from './cluster/reflector.ts';
import { LeaderElection } from './cluster/leader-election.ts';
import { OperatorMetrics } from './metrics.ts';
import type { AskPod } from './controller/deletion-cost.ts';
import { Reconciler } from './controller/reconciler.ts';
import { keyOf } from './cluster/store.ts';
import { Views } from './cluster/informers.ts';
import { RateLimiter } from './controller/rate-limiter.ts';
import { runWorkers } from './controller/workers.ts';
import { WorkQueue } from './controller/work-queue.ts';

export type OperatorSettings = Pick<
  OperatorConfig,
  'namespaces' | 'identity' | 'leader' | 'concurrency' | 'apiConcurrency' | 'renderer'
>;

export interface OperatorDependencies {
  connection: KeptAliveKubeConfig;
  probeOf: (target: QueueTarget) => QueueProbe;
  askPod: AskPod;
  logger: Logger;
  /** The clock in milliseconds by which watches are found silent. */
  now?: () => number;
}

/** Work on one pool that takes longer than this is stuck, in milliseconds: every request in it has a far shorter limit. */
const STUCK_MS = 300_000;
/** Changes of a pool's status or its pods' are gathered for so long, in milliseconds, and looked at together. */
const GATHERED_MS = 200;

/** Watches RenderPools and, while it leads, keeps what they ask for. */
export class Operator {
  readonly metrics = new OperatorMetrics();
  readonly #settings: OperatorSettings;
  readonly #dependencies: OperatorDependencies;
  readonly #views: Views;
  readonly #election: LeaderElection | undefined;
  #queue: WorkQueue | undefined;
  #term: AbortSignal | undefined;

  constructor(settings: OperatorSettings, dependencies: OperatorDependencies) {
    this.#settings = settings;
    this.#dependencies = dependencies;
    const { connection, logger, now } = dependencies;
    this.#views = new Views({
      ...{ connection, logger, now, namespaces: settings.namespaces, client: this.#client() },
      onChange: (pool, lane) => {
        if (lane === 'urgent') this.#queue?.add(pool);
        else this.#queue?.addAfter(pool, GATHERED_MS);
      },
    });
    this.#election = settings.leader && this.#elect(settings.leader);
    if (settings.leader) this.metrics.onLeading(settings.leader.name, false);
    for (const reflector of this.#views.reflectors) {
      this.metrics.onWatchAge(reflector.name, () => reflector.sinceProgressMs / 1000);
    }
  }

  /** Whether this one acts, rather than standing by. */
  get leading(): boolean {
    return this.#queue !== undefined && (this.#election?.leading ?? true);
  }

  get faults(): string[] {
    const silent = this.#views.reflectors.filter(({ sinceProgressMs }) => sinceProgressMs > 2 * SILENCE_MS);
    const oldest = this.#queue?.oldestStart;
    return [
      ...silent.map(({ name }) => `the watch of ${name} is stuck`),
      ...(oldest !== undefined && performance.now() - oldest > STUCK_MS ? ['work on a pool is stuck'] : []),
    ];
  }

  get hindrances(): string[] {
    return this.#views.reflectors
      .filter(({ synced }) => !synced)
      .map(({ name }) => `${name} has not been listed yet`);
  }

  /** Runs until the signal is aborted; then it ends what it is doing and gives its lease up. */
  async run(signal: AbortSignal): Promise<void> {
    const lead = (term: AbortSignal) => this.#lead(term);
    await Promise.all([
      this.#views.run(signal),
      this.#election ? this.#election.run(signal, lead) : lead(signal),
    ]);
  }

  async #lead(term: AbortSignal): Promise<void> {
    const { logger, probeOf, askPod } = this.#dependencies;
    while (!this.#views.synced && !term.aborted) await sleep(20);
    const queue = new WorkQueue(this.metrics.work);
    const watches = new BacklogWatches(probeOf, (pool) => {
      queue.add(pool);
    });
    this.#term = term;
    this.#queue = queue;
    const stop = () => {
      queue.close();
    };
    term.addEventListener('abort', stop, { once: true });
    if (term.aborted) stop();
    const client = this.#client(() => this.#mayWrite());
    const reconciler = new Reconciler({
      ...{ pools: this.#views.pools, children: this.#views.children, watches, askPod, logger },
      cluster: new ApiCluster(client, this.#settings.identity),
      defaults: this.#settings.renderer,
      metrics: this.metrics,
    });
    for (const { metadata } of this.#views.pools.values())
      queue.add(keyOf(metadata.namespace, metadata.name));
    try {
      await runWorkers({
        ...{ queue, limiter: new RateLimiter(), count: this.#settings.concurrency },
        work: (key, lane) => this.#timed(() => reconciler.reconcile(key, lane)),
        onError: (pool, error) => {
          if (!term.aborted)
            logger.warn({ err: error, pool }, 'a pool could not be brought about; trying again');
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
      const again = await work();
      result = again === undefined ? 'success' : 'requeue_after';
      return again;
    } finally {
      this.metrics.onReconciled(result, (performance.now() - started) / 1000);
    }
  }

  /** The guard of every write: none once the lead is lost, and those under way are ended with it. */
  #mayWrite(): AbortSignal {
    if (!this.#term || this.#term.aborted || !this.leading)
      throw new Error('this operator does not lead any more');
    return this.#term;
  }

  #client(mayWrite?: () => AbortSignal): ApiClient {
    const { connection } = this.#dependencies;
    const { apiConcurrency: concurrency } = this.#settings;
    return new ApiClient({
      ...{ connection, concurrency, mayWrite },
      userAgent: 'renderfleet-operator',
      metrics: this.metrics,
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
