import type { Logger } from 'pino';
import type { QueueClient } from '../../queue/client.ts';
import { TASK_TAG } from '../../queue/wire/render.ts';
import { exponentialBackoff, pause } from '../../service/backoff.ts';
import type { Clock } from '../../service/deadline.ts';
import type { Heartbeat } from './heartbeat.ts';
import { Lease } from './lease.ts';
import { prefetchTarget, type TaskDurations } from './prefetch.ts';

/** A prefetched task that no daemon has started after this time is released. */
const UNSTARTED_MILLISECONDS = 1000;

interface TaskSourceOptions {
  client: QueueClient;
  heartbeat: Heartbeat;
  durations: TaskDurations;
  clock: Clock;
  logger: Logger;
  daemons: number;
  /** Tasks prefetched at most. */
  taskCount: number;
  leaseSeconds: number;
  /** How long a lease call waits at the queue service for a task. */
  waitSeconds: number;
  /** The pause after an empty answer of a queue service that does not wait. */
  sleepSeconds: number;
  /** Called with the number of tasks of every lease call that returned some. */
  onBatch: (tasks: number) => void;
}

/**
 * Supplies the daemons of this process with tasks. An idle daemon asks the queue for one task and waits for it there; only
 * when all daemons are busy are tasks prefetched, as many as their durations allow. So the process never holds more than a
 * second's work that it has not started (docs/adr/0007).
 */
export class TaskSource {
  readonly #options: TaskSourceOptions;
  readonly #prefetched: { lease: Lease; since: number }[] = [];
  readonly #idle: ((lease: Lease | undefined) => void)[] = [];
  readonly #calls = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  readonly #sweep: NodeJS.Timeout;
  readonly #backoff: (failures: number) => number;
  #polls = 0;
  #prefetching = false;
  #failures = 0;
  #lastCallAt: number;

  constructor(options: TaskSourceOptions) {
    this.#options = options;
    this.#lastCallAt = options.clock();
    this.#backoff = exponentialBackoff({ firstMs: 200, mostMs: options.sleepSeconds * 1000 });
    this.#sweep = setInterval(() => {
      this.#releaseOverdue();
    }, UNSTARTED_MILLISECONDS / 4);
  }

  /** Aborted once no more tasks will come. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Milliseconds during which daemons have waited and no call to the queue was sent or answered; 0 when none waits. */
  get idleMilliseconds(): number {
    return this.#idle.length === 0 ? 0 : this.#options.clock() - this.#lastCallAt;
  }

  /** Whether the last lease call succeeded. */
  get reachable(): boolean {
    return this.#failures === 0;
  }

  /** The next task, however long it takes to come; undefined once the source has been stopped. */
  take(): Promise<Lease | undefined> {
    if (this.#stopped.signal.aborted) return Promise.resolve(undefined);
    const next = this.#prefetched.shift();
    if (next) {
      this.#prefetch();
      return Promise.resolve(next.lease);
    }
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#poll();
    });
  }

  /** Requests no more tasks and releases at once those that no daemon has taken. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    clearInterval(this.#sweep);
    for (const resolve of this.#idle.splice(0)) resolve(undefined);
    await Promise.all(this.#prefetched.splice(0).map(({ lease }) => this.#release(lease)));
    await Promise.all(this.#calls);
  }

  #poll(): void {
    while (this.#polls < this.#idle.length) {
      this.#polls++;
      this.#track(
        this.#pollOnce().finally(() => {
          this.#polls--;
          if (!this.#stopped.signal.aborted) this.#poll();
        }),
      );
    }
  }

  async #pollOnce(): Promise<void> {
    const { clock, waitSeconds, sleepSeconds } = this.#options;
    const start = clock();
    const leased = await this.#lease(1, waitSeconds);
    if (leased > 0) return;
    if (this.#failures > 0) await this.#pause(this.#backoff(this.#failures));
    else if (waitSeconds === 0 || clock() - start < waitSeconds * 500) await this.#pause(sleepSeconds * 1000);
  }

  #prefetch(): void {
    const { daemons, taskCount, durations } = this.#options;
    if (this.#prefetching || this.#idle.length > 0) return;
    const target = prefetchTarget({ daemons, taskCount, slowestSeconds: durations.slowestSeconds });
    if (this.#prefetched.length > target / 2 || target === 0) return;
    this.#prefetching = true;
    this.#track(
      this.#lease(target - this.#prefetched.length, 0).then(() => {
        this.#prefetching = false;
      }),
    );
  }

  async #lease(numTasks: number, waitSecs: number): Promise<number> {
    const { client, heartbeat, clock, leaseSeconds, logger, onBatch } = this.#options;
    const askedAt = clock();
    this.#lastCallAt = askedAt;
    try {
      const tasks = await client.lease({ numTasks, leaseSecs: leaseSeconds, tag: TASK_TAG, waitSecs });
      this.#lastCallAt = clock();
      if (this.#failures > 0) logger.info('the queue is reachable again');
      this.#failures = 0;
      const leases = tasks.map((task) => new Lease(task, { client, seconds: leaseSeconds, askedAt, clock }));
      for (const lease of leases) heartbeat.add(lease);
      if (tasks.length > 0) onBatch(tasks.length);
      await this.#offer(leases);
      return tasks.length;
    } catch (error) {
      this.#failures++;
      if (this.#failures === 1) logger.warn({ err: error }, 'leasing tasks failed, trying again');
      return 0;
    }
  }

  async #offer(leases: Lease[]): Promise<void> {
    if (this.#stopped.signal.aborted) {
      await Promise.all(leases.map((lease) => this.#release(lease)));
      return;
    }
    const since = this.#options.clock();
    for (const lease of leases) {
      const idle = this.#idle.shift();
      if (idle) idle(lease);
      else this.#prefetched.push({ lease, since });
    }
    this.#prefetched.sort((a, b) => b.lease.task.retry_count - a.lease.task.retry_count);
    if (leases.length > 0) this.#prefetch();
  }

  #releaseOverdue(): void {
    const limit = this.#options.clock() - UNSTARTED_MILLISECONDS;
    for (const waiting of this.#prefetched.filter(({ since }) => since <= limit)) {
      this.#prefetched.splice(this.#prefetched.indexOf(waiting), 1);
      this.#track(this.#release(waiting.lease));
    }
  }

  async #release(lease: Lease): Promise<void> {
    const { heartbeat, logger } = this.#options;
    heartbeat.remove(lease);
    await lease.release().catch((error: unknown) => {
      logger.warn({ err: error, task: lease.task.id }, 'releasing a task failed, its lease will expire');
    });
  }

  #pause(milliseconds: number): Promise<void> {
    return pause(milliseconds, this.#stopped.signal);
  }

  #track(call: Promise<void>): void {
    this.#calls.add(call);
    void call.finally(() => this.#calls.delete(call));
  }
}
