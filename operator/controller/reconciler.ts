import type { Logger } from 'pino';
import type { BacklogView } from '../scaling/backlog-watch.ts';
import type { BacklogWatches } from '../scaling/backlog-watches.ts';
import { children } from '../children/manifests.ts';
import type { RendererDefaults } from '../children/context.ts';
import { childName, selectorString } from '../children/labels.ts';
import { plan, type Plan } from '../scaling/plan.ts';
import { queueAddress } from '../api/queue-address.ts';
import { parseSpec, type ParsedSpec, type RenderPool } from '../api/render-pool.ts';
import type { RenderPoolSpec } from '../api/spec.ts';
import { keyOf, type Store } from '../cluster/store.ts';
import type { Lane } from './work-queue.ts';
import { keepChildren, type ChildStores } from '../children/apply.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { markDeletionCosts, type AskPod } from './deletion-cost.ts';
import { failureOf, type Failure } from './failure.ts';
import type { LiveDeployment } from '../cluster/live.ts';
import { newPoolState, type PoolState } from './pool-state.ts';
import { QueueEndpoints } from './queue-endpoints.ts';
import { QueueTokens } from './queue-tokens.ts';
import { PoolReporter, type PoolMetrics } from './reporter.ts';

/** How long after the last urgent change a pool is reported on, in milliseconds; what changes meanwhile is told with it. */
const REPORTED_AFTER_MS = 100;
/** How often a pool whose queue cannot be asked is looked at again, with its token read anew, in milliseconds. */
const LOST_AGAIN_MS = 15_000;

export interface ReconcilerOptions {
  pools: Store<RenderPool>;
  children: ChildStores;
  cluster: Cluster;
  watches: BacklogWatches;
  defaults: RendererDefaults;
  askPod: AskPod;
  metrics: PoolMetrics;
  logger: Logger;
  now?: () => number;
}

/** Makes of a cluster what its RenderPools ask for: observe, plan, apply, report; one pool at a time. */
export class Reconciler {
  readonly #options: Required<ReconcilerOptions>;
  readonly #states = new Map<string, PoolState>();
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
   * Brings one pool about. In the urgent lane that is all; status and events follow in the calm one, so that no pool
   * that needs more pods waits for what is only said of others.
   *
   * @returns after how many milliseconds to come again; undefined: when something changes
   * @throws what kept it from being brought about; the pool's status says so too where the pool is to blame
   */
  async reconcile(key: string, lane: Lane): Promise<number | undefined> {
    const [namespace = '', name = ''] = key.split('/');
    const pool = this.#options.pools.get(namespace, name);
    if (!pool || pool.metadata.deletionTimestamp) {
      this.#forget(key, namespace, name);
      return undefined;
    }
    const state = this.#stateOf(key, pool.metadata.uid);
    const parsed = specOf(pool, state);
    if (!parsed.ok) {
      this.#options.watches.forget(key);
      return this.#reporter.reportInvalid(pool, state, parsed.message);
    }
    return this.#bringAbout(pool, parsed.spec, state, lane);
  }

  async #bringAbout(
    pool: RenderPool,
    spec: RenderPoolSpec,
    state: PoolState,
    lane: Lane,
  ): Promise<number | undefined> {
    let view: BacklogView | undefined;
    let next: Plan | undefined;
    let failure: Failure | undefined;
    let error: unknown;
    try {
      view = await this.#askQueue(pool, spec);
      if (!spec.paused) next = await this.#act(pool, spec, view, state);
    } catch (caught) {
      failure = failureOf(caught);
      error = caught;
      if (!failure) throw caught;
    }
    const again =
      lane === 'urgent' && !failure
        ? REPORTED_AFTER_MS
        : await this.#reporter.report(pool, state, { spec, view, plan: next, failure });
    if (error) throw error as Error;
    const lost = view && !view.known && view.error !== undefined;
    return soonest(
      again,
      next?.lookAgainAt === undefined ? undefined : Math.max(0, next.lookAgainAt - this.#options.now()),
      lost ? LOST_AGAIN_MS : undefined,
    );
  }

  async #askQueue({ metadata }: RenderPool, spec: RenderPoolSpec): Promise<BacklogView> {
    const { namespace, name } = metadata;
    const { rootUrl } = queueAddress(spec.queue, namespace);
    const { project, taskQueue: queue } = spec.queue;
    const follow = (token?: string) =>
      this.#options.watches.follow(keyOf(namespace, name), { rootUrl, project, queue, token });
    const view = follow(await this.#tokens.tokenOf(spec.queue, namespace));
    if (view.known || view.error === undefined) return view;
    // The token may have been changed since it was read.
    this.#tokens.forget(spec.queue, namespace);
    return follow(await this.#tokens.tokenOf(spec.queue, namespace));
  }

  async #act(pool: RenderPool, spec: RenderPoolSpec, view: BacklogView, state: PoolState): Promise<Plan> {
    const { namespace, name, uid } = pool.metadata;
    const { cluster, defaults, now, askPod } = this.#options;
    const deployment = this.#deployment(namespace, name);
    const current = deployment?.spec?.replicas ?? 0;
    const queue = view.known ? { tasks: view.counts.tasks } : { unknownSince: view.since };
    const next = plan(spec, current, queue, state.planned, now());
    if (!spec.dryRun) {
      if (next.replicas < current && next.replicas > 0) {
        await markDeletionCosts(cluster, namespace, selectorString(name), askPod);
      }
      const address = queueAddress(spec.queue, namespace);
      const endpoint = await this.#endpoints.resolve(address);
      const desired = children({
        ...{ pool: { name, namespace, uid }, spec, defaults },
        queue: { rootUrl: address.rootUrl, endpoint },
        replicas: next.replicas,
      });
      await keepChildren(desired, { name, namespace, uid }, this.#options.children, cluster, state.applied);
    }
    state.planned = next.memory;
    this.#reporter.scaled(state, { current, next, view, dryRun: spec.dryRun });
    return next;
  }

  #stateOf(key: string, uid: string): PoolState {
    const known = this.#states.get(key);
    if (known?.uid === uid) return known;
    const state = newPoolState(uid);
    this.#states.set(key, state);
    return state;
  }

  #deployment(namespace: string, pool: string): LiveDeployment | undefined {
    return this.#options.children.Deployment.get(namespace, childName(pool));
  }

  #forget(key: string, namespace: string, name: string): void {
    this.#states.delete(key);
    this.#options.watches.forget(key);
    this.#options.metrics.showPool(namespace, name, undefined);
  }
}

/** The spec of a pool, parsed once for each generation. */
function specOf(pool: RenderPool, state: PoolState): ParsedSpec {
  const { generation } = pool.metadata;
  if (state.parsed?.generation !== generation || !state.parsed) {
    state.parsed = { generation, result: parseSpec(pool) };
  }
  return state.parsed.result;
}

function soonest(...delays: (number | undefined)[]): number | undefined {
  const given = delays.filter((delay) => delay !== undefined);
  return given.length > 0 ? Math.min(...given) : undefined;
}
