import type { Clock } from '../../service/deadline.ts';

/** How much work, in seconds for all daemons of this process together, may be prefetched. */
const PREFETCH_SECONDS = 0.5;

const REMEMBERED_TASKS = 20;

/** How long tasks take, judging by those that finished last and those in progress. */
export class TaskDurations {
  readonly #clock: Clock;
  readonly #latest: number[] = [];
  readonly #started = new Set<{ at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records the start of a task; call the returned function when it ends, whatever the outcome. */
  begin(): () => void {
    const start = { at: this.#clock() };
    this.#started.add(start);
    return () => {
      if (!this.#started.delete(start)) return;
      this.#latest.push(this.#clock() - start.at);
      if (this.#latest.length > REMEMBERED_TASKS) this.#latest.shift();
    };
  }

  /** Seconds of the slowest of these tasks; undefined before the first has finished. */
  get slowestSeconds(): number | undefined {
    if (this.#latest.length === 0) return undefined;
    const now = this.#clock();
    const inProgress = [...this.#started].map(({ at }) => now - at);
    return Math.max(...this.#latest, ...inProgress) / 1000;
  }
}

/**
 * How many tasks to prefetch: as many as would start within half a second even if each took as long as the slowest recent
 * one, at most `taskCount`. None while no duration is known, and none when tasks are slow.
 */
export function prefetchTarget({
  daemons,
  taskCount,
  slowestSeconds,
}: {
  daemons: number;
  taskCount: number;
  slowestSeconds: number | undefined;
}): number {
  if (slowestSeconds === undefined) return 0;
  return Math.min(taskCount, Math.floor((daemons * PREFETCH_SECONDS) / Math.max(slowestSeconds, 0.001)));
}
