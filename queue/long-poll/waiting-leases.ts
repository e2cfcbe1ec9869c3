import type { LeaseOrder, QueueRef, StoredTask, TagFilter, TaskStore } from '../store/task-store.ts';
import { Waiter, type Caller } from './waiter.ts';

/** How long a group of waiting callers relies on events alone, in milliseconds, before it asks the store again. */
const ASK_AGAIN_MS = 5000;

/** Callers that wait for the same tasks, first come, first served: only the first of them asks the store. */
interface Group {
  key: string;
  queue: QueueRef;
  waiters: Map<Waiter<StoredTask[]>, LeaseOrder>;
  asking: boolean;
  askAgain: boolean;
  timer?: NodeJS.Timeout | undefined;
  unwatch: () => void;
}

/**
 * Leases that wait for a task instead of answering at once that there is none. However many callers wait, a new task costs
 * one lease, and an idle queue one every few seconds.
 */
export class WaitingLeases {
  readonly #store: TaskStore;
  readonly #groups = new Map<string, Group>();
  #released = false;

  constructor(store: TaskStore) {
    this.#store = store;
  }

  /**
   * @param waitSeconds how long to wait at most; 0 asks once
   * @param caller tasks leased for a caller that has disconnected meanwhile are released
   */
  async lease(
    queue: QueueRef,
    order: LeaseOrder,
    waitSeconds: number,
    caller: Caller,
  ): Promise<StoredTask[]> {
    const key = groupKey(queue, order.filter);
    const waits = waitSeconds > 0 && !this.#released;
    if (!waits || !this.#groups.has(key)) {
      const { tasks } = await this.#store.lease(queue, order);
      if (tasks.length > 0 && caller.gone) return this.#undo(queue, tasks);
      if (tasks.length > 0 || !waits || caller.gone) return tasks;
    }
    return this.#wait(this.#group(key, queue, order.filter), order, waitSeconds, caller.signal);
  }

  /** Answers all waiting callers with no tasks; from now on nobody waits. */
  release(): void {
    this.#released = true;
    for (const group of [...this.#groups.values()]) {
      for (const waiter of [...group.waiters.keys()]) {
        group.waiters.delete(waiter);
        waiter.answer([]);
      }
      this.#close(group);
    }
  }

  /** How many callers wait. */
  get size(): number {
    return [...this.#groups.values()].reduce((sum, { waiters }) => sum + waiters.size, 0);
  }

  #wait(group: Group, order: LeaseOrder, waitSeconds: number, signal: AbortSignal): Promise<StoredTask[]> {
    const forget = (waiter: Waiter<StoredTask[]>) => {
      group.waiters.delete(waiter);
      if (group.waiters.size === 0 && !group.asking) this.#close(group);
    };
    const waiter = new Waiter<StoredTask[]>(waitSeconds, signal, [], forget);
    if (waiter.waiting) group.waiters.set(waiter, order);
    return waiter.promise;
  }

  #group(key: string, queue: QueueRef, filter: TagFilter): Group {
    const known = this.#groups.get(key);
    if (known) return known;
    const group: Group = {
      key,
      queue,
      waiters: new Map(),
      asking: false,
      askAgain: false,
      unwatch: () => undefined,
    };
    this.#groups.set(key, group);
    void this.#watch(group, filter);
    return group;
  }

  async #watch(group: Group, filter: TagFilter): Promise<void> {
    try {
      const unwatch = await this.#store.watch(group.queue, (event) => {
        if (event.kind === 'removed') return;
        if (event.kind === 'missed' || filter.by !== 'tag' || filter.tag === event.tag)
          void this.#serve(group);
      });
      if (this.#groups.get(group.key) !== group) unwatch();
      else group.unwatch = unwatch;
      await this.#serve(group);
    } catch (error) {
      this.#fail(group, error);
    }
  }

  async #serve(group: Group): Promise<void> {
    group.askAgain = true;
    if (group.asking) return;
    group.asking = true;
    try {
      while (group.askAgain) {
        group.askAgain = false;
        await this.#serveWhileTasksLast(group);
      }
    } catch (error) {
      this.#fail(group, error);
    } finally {
      group.asking = false;
    }
    if (group.waiters.size === 0) this.#close(group);
  }

  async #serveWhileTasksLast(group: Group): Promise<void> {
    for (;;) {
      const [first] = group.waiters;
      if (!first) return;
      const [waiter, order] = first;
      const { tasks, nextIn } = await this.#store.lease(group.queue, order);
      if (tasks.length === 0) {
        this.#askAgainIn(group, nextIn);
        return;
      }
      if (waiter.waiting) {
        group.waiters.delete(waiter);
        waiter.answer(tasks);
      } else await this.#undo(group.queue, tasks);
    }
  }

  #askAgainIn(group: Group, microseconds = Infinity): void {
    clearTimeout(group.timer);
    const delay = Math.min(Math.ceil(microseconds / 1000) + 1, ASK_AGAIN_MS);
    group.timer = setTimeout(() => void this.#serve(group), delay);
  }

  async #undo(queue: QueueRef, tasks: StoredTask[]): Promise<[]> {
    await this.#store.release(queue, tasks);
    return [];
  }

  #fail(group: Group, error: unknown): void {
    for (const waiter of [...group.waiters.keys()]) waiter.fail(error);
    group.waiters.clear();
    this.#close(group);
  }

  #close(group: Group): void {
    clearTimeout(group.timer);
    group.unwatch();
    if (this.#groups.get(group.key) === group) this.#groups.delete(group.key);
  }
}

function groupKey({ project, queue }: QueueRef, filter: TagFilter): string {
  return `${project}/${queue}/${filter.by}/${filter.by === 'tag' ? filter.tag : ''}`;
}
