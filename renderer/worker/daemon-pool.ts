import type { Logger } from 'pino';
import { QueueClient } from '../../queue/client.ts';
import { untilDeadline } from '../../service/deadline.ts';
import { openSecret, type Secret } from '../../service/secret.ts';
import type { Compose } from '../compose/compose.ts';
import { ChromiumLauncher, type ChromiumConfig } from '../print/chromium/launcher.ts';
import { ChromiumPrinter, type RecycleLimits } from '../print/chromium/printer.ts';
import type { FileSource } from '../print/chromium/requests.ts';
import { openStorage, type DocumentStorage, type StorageConfig } from '../storage/storage.ts';
import { Daemon } from './daemon.ts';
import { Heartbeat } from './heartbeat.ts';
import { RendererMetrics } from './metrics.ts';
import { TaskDurations } from './prefetch.ts';
import { TaskSource } from './task-source.ts';
import type { TaskLimits } from './task.ts';

/** Settings of the daemons of one process; sizes in bytes, times in seconds. */
export interface PoolConfig extends TaskLimits {
  queue: {
    rootUrl: string;
    project: string;
    queue: string;
    /** The bearer token, unless it is in a file. */
    token: string | undefined;
    /** Where the token is read, again whenever the file changes. */
    tokenFile?: string | undefined;
  };
  daemons: number;
  /** Tasks prefetched at most. */
  taskCount: number;
  /** Length of a lease; 60 by default, less in tests. */
  leaseSeconds?: number;
  leaseWaitSeconds: number;
  renderSleepSeconds: number;
  graceSeconds: number;
  maxQueueTaskSize: number;
  staticDirectories: string[];
  chromium: ChromiumConfig & RecycleLimits;
  storage: StorageConfig | undefined;
}

export interface PoolDependencies {
  compose: Compose;
  /** What documents may fetch. */
  files: FileSource;
  logger: Logger;
}

/** What the daemons of a process are doing; idle when ending the process would disturb no task. */
export interface PoolStatus {
  idle: boolean;
  held: number;
  queueReachable: boolean;
  daemons: Daemon['status'][];
}

/** A task of a killed renderer is available again after this time. A task may take longer: the heartbeat renews its lease. */
const LEASE_SECONDS = 60;

/** How long a lease call may take in addition to its wait: the client's time limit and half of it in reserve. */
const CALL_SECONDS = 15;

/** What releasing tasks may take once the grace period is over. */
const RELEASE_MILLISECONDS = 2000;

/** The daemons of one process with everything they share. */
export class DaemonPool {
  readonly metrics = new RendererMetrics();
  readonly #config: PoolConfig;
  readonly #client: QueueClient;
  readonly #token: Secret;
  readonly #heartbeat: Heartbeat;
  readonly #source: TaskSource;
  readonly #storage: DocumentStorage | undefined;
  readonly #launcher: ChromiumLauncher;
  readonly #daemons: Daemon[];
  readonly #logger: Logger;
  #stopping: Promise<void> | undefined;

  private constructor(
    config: PoolConfig,
    { launcher, storage }: { launcher: ChromiumLauncher; storage: DocumentStorage | undefined },
    { compose, files, logger }: PoolDependencies,
  ) {
    const { daemons, taskCount, maxQueueTaskSize, leaseSeconds = LEASE_SECONDS } = config;
    const { metrics } = this;
    const clock = () => performance.now();
    const { rootUrl, project, queue, token: value, tokenFile: file } = config.queue;
    const token = openSecret({ value, file }, logger);
    const connections = 4 * daemons + 4;
    const client = new QueueClient({ rootUrl, project, queue, token: token.read, connections });
    const heartbeat = new Heartbeat({ seconds: leaseSeconds, logger });
    const durations = new TaskDurations(clock);
    const source = new TaskSource({
      ...{ client, heartbeat, durations, clock, logger, daemons, taskCount, leaseSeconds },
      // A waiting call is not aborted (docs/adr/0007), so it must not outlast the grace period.
      waitSeconds: Math.min(config.leaseWaitSeconds, Math.floor(config.graceSeconds)),
      sleepSeconds: config.renderSleepSeconds,
      onBatch: metrics.onBatch,
    });
    const publishing = { client, heartbeat, storage, limits: config, maxQueueTaskSize, logger };
    const newPrinter = () =>
      new ChromiumPrinter({
        launch: () => launcher.launch(),
        limits: config.chromium,
        ...{ files, clock, logger },
        onStart: metrics.onBrowserStart,
      });
    this.#config = config;
    this.#client = client;
    this.#token = token;
    this.#heartbeat = heartbeat;
    this.#source = source;
    this.#storage = storage;
    this.#launcher = launcher;
    this.#logger = logger;
    this.#daemons = Array.from({ length: daemons }, (_, id) => {
      const shared = { source, compose, durations, clock, publishing, onEnding: metrics.onEnding };
      return new Daemon({ id, printer: newPrinter(), logger: logger.child({ daemon: id }), ...shared });
    });
    metrics.watch({
      states: () => this.status.daemons.map(({ state }) => state),
      held: () => heartbeat.held,
    });
  }

  /**
   * Prepares what the daemons need; `run` starts them.
   *
   * @throws Error that says how to install a browser when there is none
   */
  static async create(config: PoolConfig, dependencies: PoolDependencies): Promise<DaemonPool> {
    const { logger } = dependencies;
    const { staticDirectories } = config;
    const storage = await openStorage(config.storage);
    const launcher = await ChromiumLauncher.create(config.chromium, { staticDirectories, logger });
    return new DaemonPool(config, { launcher, storage }, dependencies);
  }

  /** Starts the daemons; each leases tasks as soon as its browser has started. */
  run(): void {
    for (const daemon of this.#daemons) daemon.start();
  }

  get status(): PoolStatus {
    const { held } = this.#heartbeat;
    return {
      idle: held === 0,
      held,
      queueReachable: this.#source.reachable,
      daemons: this.#daemons.map(({ status }) => status),
    };
  }

  /** Why this process makes no progress; empty while it does. An unreachable queue is not such a reason. */
  get liveness(): string[] {
    const { leaseWaitSeconds, renderSleepSeconds } = this.#config;
    const problems = this.#daemons.map(({ dead }) => dead).filter((reason) => reason !== undefined);
    const allowed = (CALL_SECONDS + leaseWaitSeconds + renderSleepSeconds) * 1500;
    const { idleMilliseconds } = this.#source;
    if (idleMilliseconds > allowed)
      problems.push(`No call to the queue for ${Math.round(idleMilliseconds / 1000)} s.`);
    return problems;
  }

  /** Why this process cannot render now; empty while it can. */
  get readiness(): string[] {
    if (this.#stopping) return ['The renderer is shutting down.'];
    const { daemons, queueReachable } = this.status;
    const problems = queueReachable ? [] : ['The queue is unreachable.'];
    if (daemons.every(({ state }) => state === 'starting' || state === 'ended')) {
      const fault = daemons.find((daemon) => daemon.fault !== undefined)?.fault;
      problems.push(`No daemon has a browser yet. ${fault ?? ''}`.trim());
    }
    return problems;
  }

  /** Restarts dead daemons. Resolves to the reasons of those that could not be restarted. */
  async restartDead(): Promise<string[]> {
    const reasons: string[] = [];
    for (const daemon of this.#daemons) {
      const { state, fault } = daemon.status;
      const reason = daemon.dead ?? (state === 'starting' ? fault : undefined);
      if (reason === undefined || this.#stopping) continue;
      this.#logger.warn({ reason }, 'restarting a dead daemon');
      await daemon.restart().catch((error: unknown) => reasons.push((error as Error).message));
    }
    return reasons;
  }

  /**
   * Takes no more tasks, releases at once those not started, finishes what fits in the grace period and releases the rest.
   * Resolves when no task is held and no browser runs, or soon after the grace period.
   */
  stop(graceMilliseconds: number): Promise<void> {
    this.#stopping ??= this.#stop(graceMilliseconds);
    return this.#stopping;
  }

  async #stop(graceMilliseconds: number): Promise<void> {
    const drop = setTimeout(() => {
      for (const daemon of this.#daemons) daemon.drop('The grace period is over.');
    }, graceMilliseconds);
    const overdue = new Error('Releasing tasks took too long after the grace period.');
    const limit = { milliseconds: graceMilliseconds + RELEASE_MILLISECONDS, overdue };
    try {
      await untilDeadline(this.#end(), limit);
    } catch (error) {
      // The leases of tasks that are still held expire; the browsers end with this process.
      this.#logger.error({ err: error, ...this.status }, 'the renderer did not stop in time');
    } finally {
      clearTimeout(drop);
      this.#heartbeat.close();
      this.#token.close();
    }
  }

  async #end(): Promise<void> {
    await Promise.all([this.#source.stop(), ...this.#daemons.map((daemon) => daemon.finish())]);
    await Promise.all([this.#client.close(), this.#storage?.close(), this.#launcher.close()]);
  }
}
