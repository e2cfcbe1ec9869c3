import type { Logger } from 'pino';
import { exponentialBackoff, retry } from '../../service/backoff.ts';
import { untilDeadline, type Clock } from '../../service/deadline.ts';
import type { Compose } from '../compose/compose.ts';
import type { Printer } from '../print/document.ts';
import { attempt } from './attempt.ts';
import type { Lease } from './lease.ts';
import type { TaskDurations } from './prefetch.ts';
import { publish, type Ending, type PublishOptions } from './publish.ts';
import type { TaskSource } from './task-source.ts';
import { timeLimitSeconds } from './task.ts';

/** A browser that takes longer to start makes the process fail its liveness check. */
const STARTING_MILLISECONDS = 120_000;

/** What aborting an attempt and starting over may take in addition to its time limit. */
const SLACK_MILLISECONDS = 30_000;

/** How long a daemon that is restarted may take to let go of its task. */
const UNSTICK_MILLISECONDS = 5000;

/** Results that may wait to be published; with that many, the daemon renders no further task. */
const MAX_PENDING = 4;

const BACKOFF = exponentialBackoff({ firstMs: 250, mostMs: 10_000 });

interface DaemonOptions {
  id: number;
  source: TaskSource;
  printer: Printer;
  compose: Compose;
  durations: TaskDurations;
  clock: Clock;
  logger: Logger;
  publishing: Omit<PublishOptions, 'abandoned'>;
  /** Called when a task has ended; `seconds` is the time of the attempt, without publishing. */
  onEnding: (ending: Ending, seconds: number) => void;
}

export type DaemonState = 'starting' | 'idle' | 'rendering' | 'publishing' | 'ended';

/** Renders one task after another and publishes their results while it renders the next. */
export class Daemon {
  readonly #options: DaemonOptions;
  readonly #pending = new Set<Promise<void>>();
  #stopped = new AbortController();
  #state: DaemonState = 'ended';
  #task: string | undefined;
  #deadline = Infinity;
  #fault: string | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: DaemonOptions) {
    this.#options = options;
  }

  /** What the daemon is doing, for operators. */
  get status(): { id: number; state: DaemonState; task?: string; fault?: string } {
    return {
      id: this.#options.id,
      state: this.#state,
      ...(this.#task !== undefined && { task: this.#task }),
      ...(this.#fault !== undefined && { fault: this.#fault }),
    };
  }

  /** Why the daemon makes no progress; undefined while it does. */
  get dead(): string | undefined {
    const { id, clock } = this.#options;
    if (this.#state === 'ended') return `Daemon ${id} has ended: ${this.#fault ?? 'unknown reason'}`;
    if (clock() > this.#deadline)
      return `Daemon ${id} has been ${this.#state} for too long. ${this.#fault ?? ''}`.trim();
    return undefined;
  }

  start(): void {
    const stopped = new AbortController();
    this.#stopped = stopped;
    this.#enter('starting', STARTING_MILLISECONDS);
    this.#loop = this.#run(stopped.signal)
      .catch((error: unknown) => {
        this.#options.logger.error({ err: error }, 'daemon failed');
        this.#fault = String(error);
      })
      .finally(() => {
        if (this.#stopped === stopped) this.#enter('ended', Infinity);
      });
  }

  /**
   * Drops the current task and starts the daemon again.
   *
   * @throws Error when the browser does not start
   */
  async restart(): Promise<void> {
    this.drop('The daemon is restarting.');
    await this.#options.printer.close();
    await untilDeadline(this.#loop, { milliseconds: UNSTICK_MILLISECONDS }).catch(() => undefined);
    await this.#options.printer.start();
    this.#fault = undefined;
    this.start();
  }

  /** Resolves when the current task is done and published; the source must have been stopped before. */
  async finish(): Promise<void> {
    await this.#loop;
    await Promise.all(this.#pending);
    await this.#options.printer.close();
  }

  /** Drops the current task and releases it; `finish` then resolves soon. */
  drop(reason: string): void {
    this.#stopped.abort(new Error(reason));
  }

  async #run(stopped: AbortSignal): Promise<void> {
    const { source } = this.#options;
    const ending = AbortSignal.any([stopped, source.stopped]);
    // Checked again because a daemon may be restarted while its browser starts: two loops would then take tasks.
    while ((await this.#startPrinter(ending)) && !ending.aborted) {
      this.#enter('idle', Infinity);
      const lease = await source.take();
      if (!lease) break;
      await this.#render(lease, stopped);
    }
  }

  /** Starts the browser, trying again until it succeeds or the daemon ends. Resolves to whether it succeeded. */
  async #startPrinter(ending: AbortSignal): Promise<boolean> {
    const { printer, logger } = this.#options;
    if (ending.aborted) return false;
    const onRetry = (error: unknown) => {
      if (this.#fault === undefined) this.#enter('starting', STARTING_MILLISECONDS);
      this.#fault = (error as Error).message;
      logger.error({ err: error }, 'starting the browser failed, trying again');
    };
    try {
      await retry(() => printer.start(), { backoff: BACKOFF, signals: [ending], onRetry });
    } catch {
      return false;
    }
    this.#fault = undefined;
    return true;
  }

  async #render(lease: Lease, stopped: AbortSignal): Promise<void> {
    const { compose, printer, durations, clock, publishing, onEnding, logger } = this.#options;
    const { id, retry_count: attempts } = lease.task;
    const { limits } = publishing;
    this.#task = id;
    this.#enter('rendering', timeLimitSeconds(lease.task, limits) * 1000 + SLACK_MILLISECONDS);
    const start = clock();
    const end = durations.begin();
    const outcome = await attempt(lease, { compose, printer, limits, stopped });
    end();
    const seconds = (clock() - start) / 1000;
    this.#task = undefined;
    this.#enter('publishing', Infinity);
    if (this.#pending.size >= MAX_PENDING) await Promise.race(this.#pending);
    const published = publish(lease, outcome, { ...publishing, abandoned: stopped }).then((ending) => {
      this.#pending.delete(published);
      const reason = 'reason' in outcome ? outcome.reason : undefined;
      logger.info({ task: id, attempts, ending, seconds, ...(reason && { reason }) }, 'task ended');
      onEnding(ending, seconds);
    });
    this.#pending.add(published);
  }

  #enter(state: DaemonState, milliseconds: number): void {
    this.#state = state;
    this.#deadline = this.#options.clock() + milliseconds;
  }
}
