import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { WorkObserver } from './controller/work-queue.ts';

/** Told of every answer of the API server. */
export interface ApiMetrics {
  onRequest(method: string, code: number): void;
}

/** What is shown of one pool. */
export interface PoolFigures {
  backlog: number | undefined;
  oldestTaskSeconds: number | undefined;
  replicas: number;
  readyReplicas: number;
  desiredReplicas: number;
  ready: boolean;
}

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60];
const CONTROLLER = 'renderpool';

/** The operator's figures, under the names that dashboards for Kubernetes controllers know. */
export class OperatorMetrics implements ApiMetrics {
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
      named('rest_client_requests_total', 'Requests to the API server.', ['method', 'code']),
    );
    this.#results = new Counter(
      named('controller_runtime_reconcile_total', 'Reconciliations by result.', ['controller', 'result']),
    );
    this.#errors = new Counter(
      named('controller_runtime_reconcile_errors_total', 'Reconciliations that failed.', ['controller']),
    );
    this.#times = new Histogram({
      ...named('controller_runtime_reconcile_time_seconds', 'Time of one reconciliation.', ['controller']),
      buckets: SECONDS,
    });
    this.#retries = new Counter(
      named('workqueue_retries_total', 'Keys that came again after a failure.', ['name']),
    );
    this.#leader = new Gauge(
      named('leader_election_master_status', 'Whether this operator is the active one.', ['name']),
    );
    this.#reaction = new Histogram({
      ...named('renderfleet_reaction_seconds', 'From a changed backlog to changed replicas.'),
      buckets: SECONDS,
    });
    this.work = this.#workObserver(registers);
    const ages = this.#watchAges;
    new Gauge({
      ...named('renderfleet_watch_age_seconds', 'Time since a watch last showed to be alive.', [
        'collection',
      ]),
      collect() {
        for (const [collection, age] of ages) this.set({ collection }, age());
      },
    });
    const pool = (figure: keyof PoolFigures, name: string, help: string) =>
      this.#pools.set(figure, new Gauge(named(`renderfleet_pool_${name}`, help, ['namespace', 'pool'])));
    pool('backlog', 'backlog', 'Tasks in the queue, leased ones included.');
    pool('oldestTaskSeconds', 'oldest_task_seconds', 'Age of the oldest task.');
    pool('replicas', 'replicas', 'Pods that there are.');
    pool('readyReplicas', 'ready_replicas', 'Pods that are ready.');
    pool('desiredReplicas', 'desired_replicas', 'Pods that there should be.');
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

  /** Shows how long ago a watch last showed that it is alive. */
  onWatchAge(collection: string, age: () => number): void {
    this.#watchAges.set(collection, age);
  }

  onReaction(seconds: number): void {
    this.#reaction.observe(seconds);
  }

  /** Shows a pool, or with undefined takes it off. */
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
    const depth = new Gauge({ name: 'workqueue_depth', help: 'Keys that wait.', labelNames, registers });
    const adds = new Counter({
      name: 'workqueue_adds_total',
      help: 'Keys that were added.',
      labelNames,
      registers,
    });
    const waits = new Histogram({
      ...{ name: 'workqueue_queue_duration_seconds', help: 'Time that keys waited.', labelNames, registers },
      buckets: SECONDS,
    });
    const works = new Histogram({
      ...{
        name: 'workqueue_work_duration_seconds',
        help: 'Time that work on keys took.',
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
