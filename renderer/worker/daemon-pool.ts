import type { Logger } from 'pino';
import { QueueClient } from '../../queue/client.ts';
import { ChromiumLauncher } from '../print/chromium/launcher.ts';
import { ChromiumPrinter } from '../print/chromium/printer.ts';
import type { FileSource } from '../print/chromium/requests.ts';
import type { RendererConfig } from '../config.ts';
import { Daemon } from './daemon.ts';
import type { Compose } from '../print/document.ts';
import { LeaseKeeper } from './heartbeat.ts';
import { untilDeadline } from '../../service/deadline.ts';
import { RendererMetrics } from './metrics.ts';
import { Pace } from './prefetch.ts';
import { createStorage } from '../storage/create.ts';
import type { DocumentStorage } from '../storage/storage.ts';
import { TaskSource } from './task-source.ts';

export interface FleetDependencies {
  compose: Compose;
  /** What documents may fetch. */
  files: FileSource;
  logger: Logger;
}

/** What the daemons of a process do now; idle when no task would be disturbed by ending it. */
export interface FleetStatus {
  idle: boolean;
  held: number;
  queueReachable: boolean;
  daemons: Daemon['status'][];
}

/** Longest wait of a lease call besides its own: the client's time limit, and half as much again. */
const CALL_SECONDS = 15;

/** What giving tasks back may take once the grace period is over. */
const GIVE_BACK_MILLISECONDS = 2000;

/** The daemons of one process with all that they share. */
export class Fleet {
  readonly metrics: RendererMetrics;
  readonly #config: RendererConfig;
  readonly #parts: {
    client: QueueClient;
    keeper: LeaseKeeper;
    source: TaskSource;
    storage: DocumentStorage | undefined;
  };
  readonly #launcher: ChromiumLauncher;
  readonly #daemons: Daemon[];
  readonly #logger: Logger;
  #stopping: Promise<void> | undefined;

  private constructor(
    config: RendererConfig,
    { launcher, storage }: { launcher: ChromiumLauncher; storage: DocumentStorage | undefined },
    dependencies: FleetDependencies,
  ) {
    const { compose, files, logger } = dependencies;
    const clock = () => performance.now();
    const { daemons, taskCount } = config;
    const leaseSeconds = Math.max(1, Math.round(taskCount * config.taskSeconds));
    const client = new QueueClient({ ...config.queue, connections: 4 * daemons + 4 });
    const keeper = new LeaseKeeper({ seconds: leaseSeconds, logger });
    const pace = new Pace(clock);
    const metrics = new RendererMetrics();
    const source = new TaskSource({
      ...{ client, keeper, pace, clock, logger, daemons, taskCount, leaseSeconds },
      // A waiting call is not broken off (docs/adr/0010), so it must not outlast the grace period.
      waitSeconds: Math.min(config.leaseWaitSeconds, Math.floor(config.graceSeconds)),
      sleepSeconds: config.renderSleepSeconds,
      onBatch: metrics.onBatch,
    });
    const delivery = {
      client,
      keeper,
      storage,
      limits: config,
      maxQueueTaskSize: config.maxQueueTaskSize,
      logger,
    };
    const newPrinter = () =>
      new ChromiumPrinter({
        launch: () => launcher.launch(),
        limits: config.chromium,
        ...{ files, clock, logger },
        onStart: metrics.onBrowserStart,
      });
    this.#config = config;
    this.#logger = logger;
    this.#launcher = launcher;
    this.#parts = { client, keeper, source, storage };
    this.metrics = metrics;
    this.#daemons = Array.from({ length: daemons }, (_, id) => {
      const shared = { source, compose, pace, clock, delivery, onEnding: metrics.onEnding };
      return new Daemon({ id, printer: newPrinter(), logger: logger.child({ daemon: id }), ...shared });
    });
    metrics.watch({ states: () => this.status.daemons.map(({ state }) => state), held: () => keeper.held });
  }

  /**
   * Makes ready what the daemons need; `run` starts them.
   *
   * @throws Error that says how to get a browser when there is none.
   */
  static async create(config: RendererConfig, dependencies: FleetDependencies): Promise<Fleet> {
    const { logger } = dependencies;
    const { staticDirectories } = config;
    const storage = await createStorage(config.storage);
    const launcher = await ChromiumLauncher.create(config.chromium, { staticDirectories, logger });
    return new Fleet(config, { launcher, storage }, dependencies);
  }

  /** Starts the daemons; each leases tasks as soon as its browser is up. */
  run(): void {
    for (const daemon of this.#daemons) daemon.start();
  }

  get status(): FleetStatus {
    const { keeper, source } = this.#parts;
    return {
      idle: keeper.held === 0,
      held: keeper.held,
      queueReachable: source.reachable,
      daemons: this.#daemons.map(({ status }) => status),
    };
  }

  /** Why this process makes no progress; empty while it does. A queue out of reach is no such reason. */
  get faults(): string[] {
    const { leaseWaitSeconds, renderSleepSeconds } = this.#config;
    const faults = this.#daemons.map(({ dead }) => dead).filter((reason) => reason !== undefined);
    const allowed = (CALL_SECONDS + leaseWaitSeconds + renderSleepSeconds) * 1500;
    const { stillness } = this.#parts.source;
    if (stillness > allowed)
      faults.push(`The queue has not been asked for ${Math.round(stillness / 1000)} s.`);
    return faults;
  }

  /** Why this process cannot render at present; empty while it can. */
  get hindrances(): string[] {
    if (this.#stopping) return ['The renderer is shutting down.'];
    const { daemons, queueReachable } = this.status;
    const hindrances = queueReachable ? [] : ['The queue is out of reach.'];
    if (daemons.every(({ state }) => state === 'starting' || state === 'ended')) {
      const fault = daemons.find((daemon) => daemon.fault !== undefined)?.fault;
      hindrances.push(`No daemon has a browser yet. ${fault ?? ''}`.trim());
    }
    return hindrances;
  }

  /** Starts dead daemons afresh. Resolves to what could not be mended, one reason a daemon. */
  async restartDead(): Promise<string[]> {
    const reasons: string[] = [];
    for (const daemon of this.#daemons) {
      const { state, fault } = daemon.status;
      const reason = daemon.dead ?? (state === 'starting' ? fault : undefined);
      if (reason === undefined || this.#stopping) continue;
      this.#logger.warn({ reason }, 'starting a dead daemon afresh');
      await daemon.restart().catch((error: unknown) => reasons.push((error as Error).message));
    }
    return reasons;
  }

  /**
   * Takes no more tasks, gives back at once those not begun, finishes what fits in the grace period and gives back the
   * rest. Resolves when nothing is held and no browser runs.
   */
  stop(graceMilliseconds: number): Promise<void> {
    this.#stopping ??= this.#stop(graceMilliseconds);
    return this.#stopping;
  }

  async #stop(graceMilliseconds: number): Promise<void> {
    const drop = setTimeout(() => {
      for (const daemon of this.#daemons) daemon.drop('The grace period is over.');
    }, graceMilliseconds);
    const overdue = new Error('The grace period is over, and what may follow it.');
    const limit = { milliseconds: graceMilliseconds + GIVE_BACK_MILLISECONDS, overdue };
    try {
      await untilDeadline(this.#end(), limit);
    } catch (error) {
      // What is still held comes back when its lease ends; the browsers end with this process.
      this.#logger.error({ err: error, ...this.status }, 'the renderer did not come to its end in time');
    } finally {
      clearTimeout(drop);
      this.#parts.keeper.close();
    }
  }

  async #end(): Promise<void> {
    const { client, source, storage } = this.#parts;
    await Promise.all([source.stop(), ...this.#daemons.map((daemon) => daemon.finish())]);
    await Promise.all([client.close(), storage?.close(), this.#launcher.close()]);
  }
}
