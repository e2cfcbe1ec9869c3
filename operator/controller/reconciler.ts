import type { Logger } from 'pino';
import type { QueueAddress } from '../api/queue-spec.ts';
import type { RenderPool, RenderPoolSpec } from '../api/render-pool.ts';
import { selectorString } from '../children/labels.ts';
import type { RendererDefaults } from '../children/manifest.ts';
import { applyChildren, type ChildStores } from '../cluster/apply.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { LiveDeployment } from '../cluster/objects.ts';
import type { ObjectKey, Store } from '../cluster/store.ts';
import type { BacklogState } from '../scaling/backlog-watch.ts';
import type { BacklogWatches } from '../scaling/backlog-watches.ts';
import { plan, type Plan } from '../scaling/plan.ts';
import { updateDeletionCosts, type AskPod } from './deletion-cost.ts';
import { failureOf, type Failure } from './failure.ts';
import { manifestsOf, newPoolState, parsedOf, type ParsedPool, type PoolState } from './pool-state.ts';
import { QueueEndpoints } from './queue-endpoints.ts';
import { QueueTokens } from './queue-tokens.ts';
import { PoolReporter, type PoolMetrics } from './reporter.ts';
import type { Priority } from './work-queue.ts';

/** Delay of the report after a high-priority turn, in milliseconds; it covers everything that changes in the meantime. */
const REPORT_DELAY_MS = 100;
/** Interval of retries while a queue is unreachable, each with the token read again, in milliseconds. */
const QUEUE_RETRY_MS = 15_000;

export interface ReconcilerOptions {
  pools: Store<RenderPool>;
  children: ChildStores;
  cluster: Cluster;
  watches: BacklogWatches<ObjectKey>;
  defaults: RendererDefaults;
  askPod: AskPod;
  metrics: PoolMetrics;
  logger: Logger;
  now?: () => number;
}

/** Reconciles a cluster with its RenderPools: observe, plan, apply, report. */
export class Reconciler {
  readonly #options: Required<ReconcilerOptions>;
  readonly #states = new Map<ObjectKey, PoolState>();
  readonly #endpoints: QueueEndpoints;
  readonly #tokens: QueueTokens;
  readonly #reporter: PoolReporter;

  constructor(options: ReconcilerOptions) {
    this.#options = { now: Date.now, ...options };
    this.#endpoints = new QueueEndpoints(options.cluster);
    this.#tokens = new QueueTokens(options.cluster);
    this.#reporter = new PoolReporter(this.#options);
  }

  /**
   * Reconciles one pool. A high-priority turn only plans and applies; status and events follow in a low-priority turn, so
   * that no pool that needs more pods waits for the reports of others. Must not run twice at a time for the same pool.
   *
   * @returns the delay until the next turn in milliseconds; undefined to wait for an event
   * @throws the error that prevented reconciliation; if the pool is at fault, its status reports it as well
   */
  async reconcile(key: ObjectKey, priority: Priority): Promise<number | undefined> {
    const pool = this.#options.pools.get(key);
    if (!pool || pool.metadata.deletionTimestamp) {
      this.#forget(key);
      return undefined;
    }
    const state = this.#stateOf(key, pool);
    const parsed = parsedOf(pool, state);
    if (!parsed.ok) {
      this.#options.watches.forget(key);
      return this.#reporter.reportInvalid(pool, state, parsed.message);
    }
    return this.#reconcileValid(key, pool, parsed, state, priority);
  }

  async #reconcileValid(
    key: ObjectKey,
    pool: RenderPool,
    { spec, queue }: ParsedPool & { ok: true },
    state: PoolState,
    priority: Priority,
  ): Promise<number | undefined> {
    let backlog: BacklogState | undefined;
    let next: Plan | undefined;
    let failure: Failure | undefined;
    let error: unknown;
    try {
      backlog = await this.#observe(key, spec, queue, state);
      if (!spec.paused) next = await this.#act(spec, queue, backlog, state);
    } catch (caught) {
      failure = failureOf(caught);
      error = caught;
      if (!failure) throw caught;
    }
    const nextReportMs =
      priority === 'high' && !failure
        ? REPORT_DELAY_MS
        : await this.#reporter.report(pool, state, { spec, backlog, plan: next, failure });
    if (error) throw error as Error;
    const isUnreachable = backlog && !backlog.known && backlog.error !== undefined;
    return soonest(
      nextReportMs,
      next?.planAgainAt === undefined ? undefined : Math.max(0, next.planAgainAt - this.#options.now()),
      isUnreachable ? QUEUE_RETRY_MS : undefined,
    );
  }

  /** The state of the pool's queue, which is watched from now on. */
  async #observe(
    key: ObjectKey,
    { queue }: RenderPoolSpec,
    { rootUrl }: QueueAddress,
    { namespace }: PoolState,
  ): Promise<BacklogState> {
    const { project, taskQueue } = queue;
    const follow = (token?: string) =>
      this.#options.watches.follow(key, { rootUrl, project, queue: taskQueue, token });
    const state = follow(await this.#tokens.tokenOf(queue, namespace));
    if (state.known || state.error === undefined) return state;
    // The token in the Secret may have changed since.
    this.#tokens.forget(queue, namespace);
    return follow(await this.#tokens.tokenOf(queue, namespace));
  }

  /** Plans the number of pods and, unless in a dry run, applies it with all other objects of the pool. */
  async #act(
    spec: RenderPoolSpec,
    address: QueueAddress,
    backlog: BacklogState,
    state: PoolState,
  ): Promise<Plan> {
    const { namespace, name } = state;
    const { cluster, defaults, now, askPod, children: stores } = this.#options;
    const deployment: LiveDeployment | undefined = stores.Deployment.get(state.deployment);
    const current = deployment?.spec?.replicas ?? 0;
    const observed = backlog.known ? { tasks: backlog.counts.tasks } : { unknownSince: backlog.since };
    const next = plan(spec, current, observed, state.planned, now());
    if (!spec.dryRun) {
      if (next.replicas < current && next.replicas > 0) {
        await updateDeletionCosts(cluster, namespace, selectorString(name), askPod);
      }
      const endpoint = await this.#endpoints.resolve(address);
      const manifests = manifestsOf(state, spec, { rootUrl: address.rootUrl, endpoint }, defaults);
      await applyChildren(manifests, next.replicas, { pool: state, stores, cluster, applied: state.applied });
    }
    state.planned = next.memory;
    this.#reporter.recordScaling(state, { current, next, backlog, dryRun: spec.dryRun });
    return next;
  }

  #stateOf(key: ObjectKey, pool: RenderPool): PoolState {
    const known = this.#states.get(key);
    if (known?.uid === pool.metadata.uid) return known;
    const state = newPoolState(pool);
    this.#states.set(key, state);
    return state;
  }

  #forget(key: ObjectKey): void {
    const state = this.#states.get(key);
    if (!state) return;
    this.#states.delete(key);
    this.#options.watches.forget(key);
    this.#options.metrics.showPool(state.namespace, state.name, undefined);
  }
}

function soonest(...delays: (number | undefined)[]): number | undefined {
  const given = delays.filter((delay) => delay !== undefined);
  return given.length > 0 ? Math.min(...given) : undefined;
}
