import type { Clock } from './lease.ts';

/** How much work, in seconds for all daemons of this process together, may lie ready and unstarted. */
const AHEAD_SECONDS = 0.5;

const REMEMBERED_TASKS = 20;

/** How long tasks take at present, from the latest finished ones and those under way. */
export class Pace {
  readonly #clock: Clock;
  readonly #latest: number[] = [];
  readonly #started = new Set<number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes that a task is begun; call what is returned when it has ended, however it did. */
  begin(): () => void {
    // A fraction that no reading of the clock has keeps two tasks begun in the same instant apart.
    const start = this.#clock() + Math.random() / 1000;
    this.#started.add(start);
    return () => {
      if (!this.#started.delete(start)) return;
      this.#latest.push(this.#clock() - start);
      if (this.#latest.length > REMEMBERED_TASKS) this.#latest.shift();
    };
  }

  /** Seconds of the slowest of these tasks; undefined while none has ended. */
  get slowestSeconds(): number | undefined {
    if (this.#latest.length === 0) return undefined;
    const now = this.#clock();
    const underWay = [...this.#started].map((start) => now - start);
    return Math.max(...this.#latest, ...underWay) / 1000;
  }
}

/**
 * How many tasks to hold besides those under way: as many as would start within half a second even if each took as long as
 * the slowest of late, at most `taskCount`. None as long as nothing is known, and none of slow tasks.
 */
export function tasksAhead({
  daemons,
  taskCount,
  slowestSeconds,
}: {
  daemons: number;
  taskCount: number;
  slowestSeconds: number | undefined;
}): number {
  if (slowestSeconds === undefined) return 0;
  return Math.min(taskCount, Math.floor((daemons * AHEAD_SECONDS) / Math.max(slowestSeconds, 0.001)));
}
