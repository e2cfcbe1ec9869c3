import type { Logger } from 'pino';
import { attempt } from './attempt.ts';
import { deliver, type DeliveryOptions, type Ending } from './publish.ts';
import type { Compose } from '../print/document.ts';
import type { Clock, Lease } from './lease.ts';
import type { Pace } from './prefetch.ts';
import type { Printer } from '../print/printer.ts';
import { timeLimitSeconds } from './task.ts';
import type { TaskSource } from './task-source.ts';
import { exponentialBackoff, retry } from '../../service/backoff.ts';
import { untilDeadline } from '../../service/deadline.ts';

/** A browser that does not come up for so long makes the whole process fail its liveness check. */
const STARTING_MILLISECONDS = 120_000;

/** What ending a try and starting over may take besides its time limit. */
const SLACK_MILLISECONDS = 30_000;

/** How long a daemon that is started afresh may take to let go of its task. */
const UNSTICK_MILLISECONDS = 5000;

const BACKOFF = exponentialBackoff({ firstMs: 250, mostMs: 10_000 });

/** Documents that wait for the queue to take them, at most; then no more are rendered. */
const MOST_DELIVERIES = 4;

export interface DaemonOptions {
  id: number;
  source: TaskSource;
  printer: Printer;
  compose: Compose;
  pace: Pace;
  clock: Clock;
  logger: Logger;
  delivery: Omit<DeliveryOptions, 'abandoned'>;
  /** Called when a task has come to its end: `seconds` of rendering, without what delivery took. */
  onEnding: (ending: Ending, seconds: number) => void;
}

export type DaemonState = 'starting' | 'idle' | 'rendering' | 'delivering' | 'ended';

/** Renders task after task, one at a time, and puts the results of some in while it renders the next. */
export class Daemon {
  readonly #options: DaemonOptions;
  #stopped = new AbortController();
  #state: DaemonState = 'ended';
  #task: string | undefined;
  #deadline = Infinity;
  #fault: string | undefined;
  #loop: Promise<void> = Promise.resolve();
  readonly #deliveries = new Set<Promise<void>>();

  constructor(options: DaemonOptions) {
    this.#options = options;
  }

  /** What the daemon does now, for operators. */
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
    if (this.#state === 'ended') return `Daemon ${id} has ended: ${this.#fault ?? 'no reason known'}`;
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
        this.#options.logger.error({ err: error }, 'a daemon ended');
        this.#fault = String(error);
      })
      .finally(() => {
        if (this.#stopped === stopped) this.#enter('ended', Infinity);
      });
  }

  /**
   * Lets go of whatever the daemon does and starts it afresh.
   *
   * @throws Error when it does not come up.
   */
  async restart(): Promise<void> {
    this.drop('The daemon is started afresh.');
    await this.#options.printer.close();
    await untilDeadline(this.#loop, { milliseconds: UNSTICK_MILLISECONDS }).catch(() => undefined);
    await this.#options.printer.start();
    this.#fault = undefined;
    this.start();
  }

  /** Resolves when the task at hand is done and delivered, which needs the source to be stopped before. */
  async finish(): Promise<void> {
    await this.#loop;
    await Promise.all(this.#deliveries);
    await this.#options.printer.close();
  }

  /** Drops the task at hand and gives it back; `finish` then resolves soon. */
  drop(reason: string): void {
    this.#stopped.abort(new Error(reason));
  }

  async #run(stopped: AbortSignal): Promise<void> {
    const { source } = this.#options;
    const ending = AbortSignal.any([stopped, source.stopped]);
    while (await this.#startPrinter(ending)) {
      this.#enter('idle', Infinity);
      const lease = await source.take();
      if (!lease) break;
      await this.#render(lease, stopped);
    }
  }

  /** Resolves to whether to go on; a browser that does not start is tried again for as long as that is so. */
  async #startPrinter(ending: AbortSignal): Promise<boolean> {
    const { printer, logger } = this.#options;
    if (ending.aborted) return false;
    const onRetry = (error: unknown) => {
      if (this.#fault === undefined) this.#enter('starting', STARTING_MILLISECONDS);
      this.#fault = (error as Error).message;
      logger.error({ err: error }, 'the browser of a daemon does not start');
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
    const { compose, printer, pace, clock, delivery, onEnding, logger } = this.#options;
    const { id, retry_count: tries } = lease.task;
    const { limits } = delivery;
    this.#task = id;
    this.#enter('rendering', timeLimitSeconds(lease.task, limits) * 1000 + SLACK_MILLISECONDS);
    const start = clock();
    const end = pace.begin();
    const outcome = await attempt(lease, { compose, printer, limits, stopped });
    end();
    const seconds = (clock() - start) / 1000;
    this.#task = undefined;
    this.#enter('delivering', Infinity);
    if (this.#deliveries.size >= MOST_DELIVERIES) await Promise.race(this.#deliveries);
    const delivered = deliver(lease, outcome, { ...delivery, abandoned: stopped }).then((ending) => {
      this.#deliveries.delete(delivered);
      const reason = 'reason' in outcome ? outcome.reason : undefined;
      logger.info({ task: id, tries, ending, seconds, ...(reason && { reason }) }, 'a task came to its end');
      onEnding(ending, seconds);
    });
    this.#deliveries.add(delivered);
  }

  #enter(state: DaemonState, milliseconds: number): void {
    this.#state = state;
    this.#deadline = this.#options.clock() + milliseconds;
  }
}
