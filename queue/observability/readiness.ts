import { untilDeadline } from '../../service/deadline.ts';
import type { TaskStore } from '../store/task-store.ts';

const DEADLINE_MS = 2000;
const FRESH_MS = 1000;

/** Whether the service can do its work, checked at most once a second however often it is asked. */
export class Readiness {
  readonly #store: TaskStore;
  readonly #now: () => number;
  #last: Promise<string[]> | undefined;
  #lastAt = 0;
  /** Whether the service is shutting down. */
  draining = false;

  /** @param now milliseconds of a monotonic clock */
  constructor(store: TaskStore, now: () => number = () => performance.now()) {
    this.#store = store;
    this.#now = now;
  }

  /** Why the service is not ready; empty when it is. */
  async problems(): Promise<string[]> {
    if (this.draining) return ['The service is shutting down.'];
    if (!this.#last || this.#now() - this.#lastAt >= FRESH_MS) {
      this.#lastAt = this.#now();
      this.#last = this.#check();
    }
    return this.#last;
  }

  async #check(): Promise<string[]> {
    const overdue = new Error(`The task storage did not accept a write within ${DEADLINE_MS} ms.`);
    try {
      return await untilDeadline(this.#store.check(), { milliseconds: DEADLINE_MS, overdue });
    } catch (error) {
      return [(error as Error).message];
    }
  }
}
