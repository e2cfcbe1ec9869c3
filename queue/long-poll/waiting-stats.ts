import type { QueueRef, StoredStats, TaskStore } from '../store/task-store.ts';
import { Waiter, type Caller } from './waiter.ts';

/** Changes within this many milliseconds cause one query. */
const SETTLE_MS = 20;
/** How long a group of watching callers relies on events alone, in milliseconds. */
const QUERY_AGAIN_MS = 5000;

export interface StatsQuestion {
  tag?: string | undefined;
  /** The total that the caller knows: it waits until the total differs. */
  unlike: number;
  waitSeconds: number;
}

/** Callers that watch the same counts: one query of the store serves all of them. */
interface Group {
  key: string;
  queue: QueueRef;
  tag: string | undefined;
  waiters: Map<Waiter<StoredStats | undefined>, number>;
  timer?: NodeJS.Timeout | undefined;
  due: number;
  unwatch: () => void;
}

/** Answers with counts as soon as the total differs from what the caller knows, so that nobody needs to poll. */
export class WaitingStats {
  readonly #store: TaskStore;
  readonly #groups = new Map<string, Group>();
  #released = false;

  constructor(store: TaskStore) {
    this.#store = store;
  }

  /** The counts: at once if the total differs from what the caller knows, else when it does or the time is over. */
  async stats(
    queue: QueueRef,
    { tag, unlike, waitSeconds }: StatsQuestion,
    caller: Caller,
  ): Promise<StoredStats> {
    const stats = await this.#store.stats(queue, tag);
    if (stats.total !== unlike || waitSeconds === 0 || this.#released || caller.gone) return stats;
    const group = this.#group(queue, tag);
    const waiter = new Waiter<StoredStats | undefined>(waitSeconds, caller.signal, undefined, (gone) => {
      group.waiters.delete(gone);
      if (group.waiters.size === 0) this.#close(group);
    });
    if (waiter.waiting) group.waiters.set(waiter, unlike);
    return (await waiter.promise) ?? (caller.signal.aborted ? stats : this.#store.stats(queue, tag));
  }

  /** Answers all waiting callers with the current counts; from now on nobody waits. */
  release(): void {
    this.#released = true;
    for (const group of [...this.#groups.values()]) {
      for (const waiter of group.waiters.keys()) waiter.answer(undefined);
      this.#close(group);
    }
  }

  /** How many callers wait. */
  get size(): number {
    return [...this.#groups.values()].reduce((sum, { waiters }) => sum + waiters.size, 0);
  }

  #group(queue: QueueRef, tag: string | undefined): Group {
    const key = JSON.stringify([queue.project, queue.queue, tag]);
    const known = this.#groups.get(key);
    if (known) return known;
    const group: Group = { key, queue, tag, waiters: new Map(), due: Infinity, unwatch: () => undefined };
    this.#groups.set(key, group);
    void this.#watch(group);
    return group;
  }

  async #watch(group: Group): Promise<void> {
    try {
      const unwatch = await this.#store.watch(group.queue, (event) => {
        if (event.kind === 'missed' || group.tag === undefined || group.tag === event.tag)
          this.#queryIn(group, SETTLE_MS);
      });
      if (this.#groups.get(group.key) !== group) unwatch();
      else group.unwatch = unwatch;
      await this.#query(group);
    } catch (error) {
      this.#fail(group, error);
    }
  }

  #queryIn(group: Group, milliseconds: number): void {
    const due = Date.now() + milliseconds;
    if (due >= group.due || this.#groups.get(group.key) !== group) return;
    clearTimeout(group.timer);
    group.due = due;
    group.timer = setTimeout(() => {
      this.#query(group).catch((error: unknown) => {
        this.#fail(group, error);
      });
    }, milliseconds);
  }

  async #query(group: Group): Promise<void> {
    group.due = Infinity;
    const stats = await this.#store.stats(group.queue, group.tag);
    for (const [waiter, unlike] of [...group.waiters]) {
      if (stats.total === unlike) continue;
      group.waiters.delete(waiter);
      waiter.answer(stats);
    }
    if (group.waiters.size === 0) this.#close(group);
    else this.#queryIn(group, QUERY_AGAIN_MS);
  }

  #fail(group: Group, error: unknown): void {
    for (const waiter of group.waiters.keys()) waiter.fail(error);
    this.#close(group);
  }

  #close(group: Group): void {
    clearTimeout(group.timer);
    group.waiters.clear();
    group.unwatch();
    if (this.#groups.get(group.key) === group) this.#groups.delete(group.key);
  }
}
