import type { Logger } from 'pino';
import type { RenderPool } from '../api/render-pool.ts';
import type { RenderPoolStatus } from '../api/status.ts';
import type { ChildStores } from '../cluster/apply.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { PoolEvent } from '../cluster/event-recorder.ts';
import { keyOf, type Store } from '../cluster/store.ts';
import type { BacklogState } from '../scaling/backlog-watch.ts';
import type { Plan } from '../scaling/plan.ts';
import type { Facts } from './conditions.ts';
import * as events from './events.ts';
import { failureOf } from './failure.ts';
import type { PoolState } from './pool-state.ts';
import { changeOf, statusOf, WRITTEN_AFTER_MS } from './status.ts';

/** The metrics of one pool. */
export interface PoolFigures {
  backlog: number | undefined;
  oldestTaskSeconds: number | undefined;
  replicas: number;
  readyReplicas: number;
  desiredReplicas: number;
  ready: boolean;
}

/** The metrics of all pools. */
export interface PoolMetrics {
  /** Sets the metrics of a pool; undefined removes them. */
  showPool(namespace: string, pool: string, figures: PoolFigures | undefined): void;
  /** Observes the time from a changed backlog to changed replicas. */
  onReaction(seconds: number): void;
}

export interface ReporterOptions {
  pools: Store<RenderPool>;
  children: ChildStores;
  cluster: Pick<Cluster, 'writeStatus' | 'emit'>;
  metrics: PoolMetrics;
  logger: Logger;
  now: () => number;
}

type Found = Pick<Facts, 'spec'> & Partial<Pick<Facts, 'backlog' | 'plan' | 'failure'>>;

/** Reports on pools in status, events and metrics, without repetition. */
export class PoolReporter {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /**
   * Records events, and writes the status if it has changed.
   *
   * @returns the delay after which to write the status, in milliseconds; undefined if it is up to date
   */
  async report(pool: RenderPool, state: PoolState, found: Found): Promise<number | undefined> {
    const { pools, children, cluster, now } = this.#options;
    const { backlog, plan, failure } = found;
    const facts: Facts = {
      ...{ backlog, plan, failure },
      spec: found.spec,
      deployment: children.Deployment.get(state.deployment),
      scaledAt: state.scaledAt,
      now: now(),
    };
    await this.#recordEvents(pool, state, facts);

    const status = statusOf(pool, facts);
    this.#show(state, status, backlog);
    const change = changeOf(pool.status, status);
    if (change === 'none') return undefined;
    const wait = state.writtenAt + WRITTEN_AFTER_MS[change] - now();
    if (wait > 0) return wait;
    state.writtenAt = now();
    const written = await cluster.writeStatus(pool, status);
    pools.putQuietly(written);
    // The answer may contain a new spec, for which no event follows.
    return written.metadata.generation === pool.metadata.generation ? undefined : 0;
  }

  /** Reports an invalid spec in an event, and in the status if the API server accepts it. Returns the same as `report`. */
  async reportInvalid(pool: RenderPool, state: PoolState, message: string): Promise<number | undefined> {
    try {
      return await this.report(pool, state, { spec: { invalid: message } });
    } catch (error) {
      // The API server rejects the status of an object that the current CRD would reject; a retry would not help.
      if (failureOf(error)?.reason === 'ApplyRefused') return undefined;
      throw error;
    }
  }

  /** Notes that the number of pods has changed, or would have in a dry run. The next report includes it. */
  recordScaling(
    state: PoolState,
    {
      current,
      next,
      backlog,
      dryRun,
    }: { current: number; next: Plan; backlog: BacklogState; dryRun: boolean },
  ): void {
    const { now, metrics } = this.#options;
    if (next.replicas === current) return;
    if (dryRun) {
      if (state.reported.dryRun !== next.replicas) {
        state.pendingEvents.push(events.dryRunEvent(current, next.replicas, next.message));
      }
      state.reported.dryRun = next.replicas;
      return;
    }
    state.scaledAt = now();
    if (backlog.known && next.replicas > current) metrics.onReaction((now() - backlog.changedAt) / 1000);
    state.pendingEvents.push(events.scaledEvent(current, next.replicas, next.message));
  }

  async #recordEvents(
    pool: RenderPool,
    { reported, pendingEvents }: PoolState,
    { spec, backlog, failure }: Facts,
  ): Promise<void> {
    for (const event of pendingEvents.splice(0)) await this.#record(pool, event);
    const problem = 'invalid' in spec ? { reason: 'InvalidSpec', message: spec.invalid } : failure;
    if (problem && reported.failure !== problem.message) {
      await this.#record(pool, events.failureEvent(problem.reason, problem.message));
    }
    reported.failure = problem?.message;
    if ('invalid' in spec) return;
    if (spec.paused !== (reported.paused ?? false)) await this.#record(pool, events.pausedEvent(spec.paused));
    reported.paused = spec.paused;
    if (backlog?.known && reported.queueLost) {
      await this.#record(pool, events.queueBackEvent(backlog.counts.tasks));
    }
    if (backlog && !backlog.known && backlog.error !== undefined && !reported.queueLost) {
      await this.#record(pool, events.queueLostEvent(backlog.error));
    }
    if (backlog) {
      reported.queueLost = !backlog.known && (reported.queueLost === true || backlog.error !== undefined);
    }
  }

  /** Records an event. A failure to do so is logged only. */
  async #record(pool: RenderPool, event: PoolEvent): Promise<void> {
    const { cluster, logger } = this.#options;
    const key = keyOf(pool.metadata.namespace, pool.metadata.name);
    logger.info({ pool: key, reason: event.reason }, event.note);
    try {
      await cluster.emit(pool, event);
    } catch (error) {
      logger.warn({ err: error, pool: key }, 'could not record an event');
    }
  }

  #show({ namespace, name }: PoolState, status: RenderPoolStatus, backlog: BacklogState | undefined): void {
    this.#options.metrics.showPool(namespace, name, {
      backlog: backlog?.known ? status.backlog : undefined,
      oldestTaskSeconds: backlog?.known ? status.oldestTaskAge : undefined,
      replicas: status.replicas ?? 0,
      readyReplicas: status.readyReplicas ?? 0,
      desiredReplicas: status.desiredReplicas ?? 0,
      ready: status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True',
    });
  }
}
