import type { Logger } from 'pino';
import type { QueueClient } from '../../queue/client.ts';
import { exponentialBackoff, pause } from '../../service/backoff.ts';
import { Lease, type Clock } from './lease.ts';
import type { LeaseKeeper } from './heartbeat.ts';
import { tasksAhead, type Pace } from './prefetch.ts';
import { TASK_TAG } from './task.ts';

/** A task that has lain unstarted for so long goes back, whatever was expected of it. */
const UNSTARTED_MILLISECONDS = 1000;

export interface TaskSourceOptions {
  client: QueueClient;
  keeper: LeaseKeeper;
  pace: Pace;
  clock: Clock;
  logger: Logger;
  daemons: number;
  taskCount: number;
  leaseSeconds: number;
  waitSeconds: number;
  sleepSeconds: number;
  /** Called with the number of tasks of every lease call that brought some. */
  onBatch: (tasks: number) => void;
}

/**
 * Where the daemons of this process get their tasks from. An idle daemon asks the queue for one task and waits for it
 * there; only when all are busy are tasks leased ahead, as many as the pace allows. So what is held unstarted is less than
 * a second's work at any time (docs/adr/0010).
 */
export class TaskSource {
  readonly #options: TaskSourceOptions;
  readonly #ahead: { lease: Lease; since: number }[] = [];
  readonly #idle: ((lease: Lease | undefined) => void)[] = [];
  readonly #calls = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  readonly #sweep: NodeJS.Timeout;
  readonly #backoff: (failures: number) => number;
  #polls = 0;
  #prefetching = false;
  #faults = 0;
  #lastCallAt: number;

  constructor(options: TaskSourceOptions) {
    this.#options = options;
    this.#lastCallAt = options.clock();
    this.#backoff = exponentialBackoff({ firstMs: 200, mostMs: options.sleepSeconds * 1000 });
    this.#sweep = setInterval(() => {
      this.#returnOverdue();
    }, UNSTARTED_MILLISECONDS / 4);
  }

  /** Aborted once no more tasks will come. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Milliseconds for which daemons have been waiting without the queue being asked or answering; 0 when none waits. */
  get stillness(): number {
    return this.#idle.length === 0 ? 0 : this.#options.clock() - this.#lastCallAt;
  }

  /** Whether the queue answered when it was last asked. */
  get reachable(): boolean {
    return this.#faults === 0;
  }

  /** The next task, however long it takes to come; undefined once the source has been stopped. */
  take(): Promise<Lease | undefined> {
    if (this.#stopped.signal.aborted) return Promise.resolve(undefined);
    const next = this.#ahead.shift();
    if (next) {
      this.#prefetch();
      return Promise.resolve(next.lease);
    }
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#poll();
    });
  }

  /** Asks for no more tasks and gives back at once whatever no daemon has taken. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    clearInterval(this.#sweep);
    for (const resolve of this.#idle.splice(0)) resolve(undefined);
    await Promise.all(this.#ahead.splice(0).map(({ lease }) => this.#giveBack(lease)));
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
    if (this.#faults > 0) await this.#pause(this.#backoff(this.#faults));
    else if (waitSeconds === 0 || clock() - start < waitSeconds * 500) await this.#pause(sleepSeconds * 1000);
  }

  #prefetch(): void {
    const { daemons, taskCount, pace } = this.#options;
    if (this.#prefetching || this.#idle.length > 0) return;
    const target = tasksAhead({ daemons, taskCount, slowestSeconds: pace.slowestSeconds });
    if (this.#ahead.length > target / 2 || target === 0) return;
    this.#prefetching = true;
    this.#track(
      this.#lease(target - this.#ahead.length, 0).then(() => {
        this.#prefetching = false;
      }),
    );
  }

  async #lease(numTasks: number, waitSecs: number): Promise<number> {
    const { client, keeper, clock, leaseSeconds, logger, onBatch } = this.#options;
    const askedAt = clock();
    this.#lastCallAt = askedAt;
    try {
      const tasks = await client.lease({ numTasks, leaseSecs: leaseSeconds, tag: TASK_TAG, waitSecs });
      this.#lastCallAt = clock();
      if (this.#faults > 0) logger.info('the queue is back');
      this.#faults = 0;
      const leases = tasks.map((task) => new Lease(task, { client, seconds: leaseSeconds, askedAt, clock }));
      for (const lease of leases) keeper.keep(lease);
      if (tasks.length > 0) onBatch(tasks.length);
      await this.#offer(leases);
      return tasks.length;
    } catch (error) {
      this.#faults++;
      if (this.#faults === 1) logger.warn({ err: error }, 'the queue gives no tasks at present');
      return 0;
    }
  }

  async #offer(leases: Lease[]): Promise<void> {
    if (this.#stopped.signal.aborted) {
      await Promise.all(leases.map((lease) => this.#giveBack(lease)));
      return;
    }
    const since = this.#options.clock();
    for (const lease of leases) {
      const idle = this.#idle.shift();
      if (idle) idle(lease);
      else this.#ahead.push({ lease, since });
    }
    this.#ahead.sort((a, b) => b.lease.task.retry_count - a.lease.task.retry_count);
    if (leases.length > 0) this.#prefetch();
  }

  #returnOverdue(): void {
    const limit = this.#options.clock() - UNSTARTED_MILLISECONDS;
    for (const waiting of this.#ahead.filter(({ since }) => since <= limit)) {
      this.#ahead.splice(this.#ahead.indexOf(waiting), 1);
      this.#track(this.#giveBack(waiting.lease));
    }
  }

  async #giveBack(lease: Lease): Promise<void> {
    const { keeper, logger } = this.#options;
    keeper.release(lease);
    await lease.giveBack().catch((error: unknown) => {
      logger.warn({ err: error, task: lease.task.id }, 'a task comes back only when its lease ends');
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
