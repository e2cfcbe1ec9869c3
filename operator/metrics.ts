import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { RequestObserver } from './cluster/api-client.ts';
import type { PoolFigures, PoolMetrics } from './controller/reporter.ts';
import type { WorkObserver } from './controller/work-queue.ts';

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60];
const CONTROLLER = 'renderpool';

/** The operator's metrics. Where controller-runtime has the same metric, the name is the same. */
export class OperatorMetrics implements RequestObserver, PoolMetrics {
  readonly registry = new Registry();
  readonly #requests: Counter;
  readonly #results: Counter;
  readonly #errors: Counter;
  readonly #times: Histogram;
  readonly #retries: Counter;
  readonly #leader: Gauge;
  readonly #reaction: Histogram;
  readonly #pools = new Map<keyof PoolFigures, Gauge>();
  readonly #watchAges = new Map<string, () => number>();
  readonly work: WorkObserver;

  constructor() {
    const registers = [this.registry];
    const named = (name: string, help: string, labelNames: string[] = []) => ({
      name,
      help,
      labelNames,
      registers,
    });
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Counter(
      named('rest_client_requests_total', 'Requests to the API server by method and status code.', [
        'method',
        'code',
      ]),
    );
    this.#results = new Counter(
      named('controller_runtime_reconcile_total', 'Reconciliations by result.', ['controller', 'result']),
    );
    this.#errors = new Counter(
      named('controller_runtime_reconcile_errors_total', 'Failed reconciliations.', ['controller']),
    );
    this.#times = new Histogram({
      ...named('controller_runtime_reconcile_time_seconds', 'Duration of a reconciliation, in seconds.', [
        'controller',
      ]),
      buckets: SECONDS,
    });
    this.#retries = new Counter(
      named('workqueue_retries_total', 'Retries after a failed reconciliation.', ['name']),
    );
    this.#leader = new Gauge(
      named('leader_election_master_status', 'Whether this operator is the leader.', ['name']),
    );
    this.#reaction = new Histogram({
      ...named(
        'renderfleet_reaction_seconds',
        'Time from a changed backlog to changed replicas, in seconds.',
      ),
      buckets: SECONDS,
    });
    this.work = this.#workObserver(registers);
    const ages = this.#watchAges;
    new Gauge({
      ...named('renderfleet_watch_age_seconds', 'Time since the last sign of life of a watch, in seconds.', [
        'collection',
      ]),
      collect() {
        for (const [collection, age] of ages) this.set({ collection }, age());
      },
    });
    const pool = (figure: keyof PoolFigures, name: string, help: string) =>
      this.#pools.set(figure, new Gauge(named(`renderfleet_pool_${name}`, help, ['namespace', 'pool'])));
    pool('backlog', 'backlog', 'Tasks in the queue, leased ones included.');
    pool('oldestTaskSeconds', 'oldest_task_seconds', 'Age of the oldest task, in seconds.');
    pool('replicas', 'replicas', 'Number of pods.');
    pool('readyReplicas', 'ready_replicas', 'Number of ready pods.');
    pool('desiredReplicas', 'desired_replicas', 'Desired number of pods.');
    pool('ready', 'ready', 'Whether the pool is Ready.');
  }

  onRequest(method: string, code: number): void {
    this.#requests.inc({ method, code: String(code) });
  }

  onReconciled(result: 'success' | 'requeue_after' | 'error', seconds: number): void {
    this.#results.inc({ controller: CONTROLLER, result });
    this.#times.observe({ controller: CONTROLLER }, seconds);
    if (result !== 'error') return;
    this.#errors.inc({ controller: CONTROLLER });
    this.#retries.inc({ name: CONTROLLER });
  }

  onLeading(name: string, leading: boolean): void {
    this.#leader.set({ name }, Number(leading));
  }

  /** Registers a watch; `age` returns the seconds since its last sign of life. */
  onWatchAge(collection: string, age: () => number): void {
    this.#watchAges.set(collection, age);
  }

  onReaction(seconds: number): void {
    this.#reaction.observe(seconds);
  }

  showPool(namespace: string, pool: string, figures: PoolFigures | undefined): void {
    for (const [figure, gauge] of this.#pools) {
      const value = figures?.[figure];
      if (value === undefined) gauge.remove({ namespace, pool });
      else gauge.set({ namespace, pool }, Number(value));
    }
  }

  #workObserver(registers: Registry[]): WorkObserver {
    const labelNames = ['name'];
    const name = CONTROLLER;
    const depth = new Gauge({ name: 'workqueue_depth', help: 'Keys in the queue.', labelNames, registers });
    const adds = new Counter({
      name: 'workqueue_adds_total',
      help: 'Keys added to the queue.',
      labelNames,
      registers,
    });
    const waits = new Histogram({
      ...{
        name: 'workqueue_queue_duration_seconds',
        help: 'Time that keys wait in the queue, in seconds.',
        labelNames,
        registers,
      },
      buckets: SECONDS,
    });
    const works = new Histogram({
      ...{
        name: 'workqueue_work_duration_seconds',
        help: 'Time that processing a key takes, in seconds.',
        labelNames,
        registers,
      },
      buckets: SECONDS,
    });
    depth.set({ name }, 0);
    adds.inc({ name }, 0);
    return {
      onAdd: (now) => {
        depth.set({ name }, now);
        adds.inc({ name });
      },
      onStart: (now, waitedMs) => {
        depth.set({ name }, now);
        waits.observe({ name }, waitedMs / 1000);
      },
      onDone: (workedMs) => {
        works.observe({ name }, workedMs / 1000);
      },
    };
  }
}
