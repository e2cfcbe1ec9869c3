import type { Logger } from 'pino';
import type { BacklogView } from '../scaling/backlog-watch.ts';
import { childName } from '../children/labels.ts';
import type { PoolFigures } from '../metrics.ts';
import type { Plan } from '../scaling/plan.ts';
import type { RenderPool } from '../api/render-pool.ts';
import * as events from './events.ts';
import type { Facts } from './facts.ts';
import { changeOf, statusOf, WRITTEN_AFTER_MS } from './status.ts';
import type { Store } from '../cluster/store.ts';
import type { ChildStores } from '../children/apply.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { failureOf } from './failure.ts';
import type { LiveDeployment } from '../cluster/live.ts';
import type { PoolState } from './pool-state.ts';

/** What a reconciler shows of its pools. */
export interface PoolMetrics {
  showPool(namespace: string, pool: string, figures: PoolFigures | undefined): void;
  onReaction(seconds: number): void;
}

export interface ReporterOptions {
  pools: Store<RenderPool>;
  children: ChildStores;
  cluster: Cluster;
  metrics: PoolMetrics;
  logger: Logger;
  now: () => number;
}

type Found = Pick<Facts, 'spec'> & Partial<Pick<Facts, 'view' | 'plan' | 'failure'>>;

/** Tells people and monitoring how a pool is: status, events, metrics. Says nothing twice. */
export class PoolReporter {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Says what there is to say, and writes the status if it has changed. @returns after how many milliseconds it should be written again, if ever. */
  async report(pool: RenderPool, state: PoolState, found: Found): Promise<number | undefined> {
    const { pools, children, cluster, now } = this.#options;
    const { namespace, name } = pool.metadata;
    const deployment: LiveDeployment | undefined = children.Deployment.get(namespace, childName(name));
    const { view, plan, failure } = found;
    const facts: Facts = {
      ...{ view, plan, failure },
      spec: found.spec,
      deployment,
      scaledAt: state.scaledAt,
      now: now(),
    };
    await this.#sayWhatHappened(pool, state, facts);

    const status = statusOf(pool, facts);
    this.#show(pool, status, view);
    const change = changeOf(pool.status, status);
    if (change === 'none') return undefined;
    const wait = state.writtenAt + WRITTEN_AFTER_MS[change] - now();
    if (wait > 0) return wait;
    state.writtenAt = now();
    const written = await cluster.writeStatus(pool, status);
    pools.learn(written);
    // The answer may hold a spec that nobody has been told of.
    return written.metadata.generation === pool.metadata.generation ? undefined : 0;
  }

  /** Says that the spec of a pool is wrong: in an event, and in its status if the API server takes it. */
  async reportInvalid(pool: RenderPool, state: PoolState, fault: string): Promise<number | undefined> {
    try {
      return await this.report(pool, state, { spec: { invalid: fault } });
    } catch (error) {
      // It takes no status of an object that the present definition would refuse; to try again would change nothing.
      if (failureOf(error)?.reason === 'ApplyRefused') return undefined;
      throw error;
    }
  }

  /** Takes down that the number of pods was changed, or would have been; the next report says so. */
  scaled(
    state: PoolState,
    { current, next, view, dryRun }: { current: number; next: Plan; view: BacklogView; dryRun: boolean },
  ): void {
    const { now, metrics } = this.#options;
    if (next.replicas === current) return;
    if (dryRun) {
      if (state.said.dryRun !== next.replicas) {
        state.unsaid.push(events.dryRunEvent(current, next.replicas, next.message));
      }
      state.said.dryRun = next.replicas;
      return;
    }
    state.scaledAt = now();
    if (view.known && next.replicas > current) metrics.onReaction((now() - view.changedAt) / 1000);
    state.unsaid.push(events.scaledEvent(current, next.replicas, next.message));
  }

  async #sayWhatHappened(
    pool: RenderPool,
    { said, unsaid }: PoolState,
    { spec, view, failure }: Facts,
  ): Promise<void> {
    for (const event of unsaid.splice(0)) await this.#say(pool, event);
    const fault = 'invalid' in spec ? { reason: 'InvalidSpec', message: spec.invalid } : failure;
    if (fault && said.failure !== fault.message) {
      await this.#say(pool, events.failureEvent(fault.reason, fault.message));
    }
    said.failure = fault?.message;
    if ('invalid' in spec) return;
    if (spec.paused !== (said.paused ?? false)) await this.#say(pool, events.pausedEvent(spec.paused));
    said.paused = spec.paused;
    if (view?.known && said.lost) await this.#say(pool, events.queueBackEvent(view.counts.tasks));
    if (view && !view.known && view.error !== undefined && !said.lost) {
      await this.#say(pool, events.queueLostEvent(view.error));
    }
    if (view) said.lost = !view.known && (said.lost === true || view.error !== undefined);
  }

  /** An event that cannot be written is no reason to fail. */
  async #say(pool: RenderPool, event: events.PoolEvent): Promise<void> {
    const { namespace, name } = pool.metadata;
    const { cluster, logger } = this.#options;
    logger.info({ pool: `${namespace}/${name}`, reason: event.reason }, event.note);
    try {
      await cluster.emit(pool, event);
    } catch (error) {
      logger.warn({ err: error, pool: `${namespace}/${name}` }, 'an event could not be written');
    }
  }

  #show({ metadata }: RenderPool, status: ReturnType<typeof statusOf>, view: BacklogView | undefined): void {
    this.#options.metrics.showPool(metadata.namespace, metadata.name, {
      backlog: view?.known ? status.backlog : undefined,
      oldestTaskSeconds: view?.known ? status.oldestTaskAge : undefined,
      replicas: status.replicas ?? 0,
      readyReplicas: status.readyReplicas ?? 0,
      desiredReplicas: status.desiredReplicas ?? 0,
      ready: status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True',
    });
  }
}
