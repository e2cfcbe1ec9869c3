/** Receives what happens in a work queue; times in milliseconds of the queue's clock. */
export interface WorkObserver {
  onAdd?(depth: number): void;
  onStart?(depth: number, waitedMs: number): void;
  onDone?(workedMs: number): void;
}

/** Work that may change the number of pods has high priority, work that only reports has low priority. */
export type Priority = 'high' | 'low';

/** A key to process, with the highest priority that it was added with. */
export interface WorkItem<Key> {
  key: Key;
  priority: Priority;
}

/** One of so many keys has low priority if any is waiting, so that high priority cannot starve it. */
const LOW_PRIORITY_TURN = 8;

/**
 * Keys of objects to process: by priority, then first in, first out. A key is in the queue once, however often it is added.
 * No key is processed twice at a time: if it is added in the meantime, it is queued again when it is done.
 */
export class WorkQueue<Key = string> {
  readonly #ready: Record<Priority, Set<Key>> = { high: new Set(), low: new Set() };
  /** When each unprocessed key was added, and its priority. */
  readonly #dirty = new Map<Key, { since: number; priority: Priority }>();
  /** When the processing of each current key started. */
  readonly #processing = new Map<Key, number>();
  readonly #timers = new Map<Key, { at: number; timer: NodeJS.Timeout }>();
  readonly #takers: ((item: WorkItem<Key> | undefined) => void)[] = [];
  readonly #now: () => number;
  readonly #observer: WorkObserver;
  #turns = 0;
  #closed = false;

  constructor(observer: WorkObserver = {}, now: () => number = () => performance.now()) {
    this.#observer = observer;
    this.#now = now;
  }

  get depth(): number {
    return this.#ready.high.size + this.#ready.low.size;
  }

  /** When the processing of the longest-running key started; undefined if none is being processed. */
  get oldestStart(): number | undefined {
    return this.#processing.values().next().value;
  }

  /** Queues a key. */
  add(key: Key, priority: Priority = 'high'): void {
    if (this.#closed) return;
    const dirty = this.#dirty.get(key);
    if (dirty && (dirty.priority === 'high' || priority === 'low')) return;
    this.#ready.low.delete(key);
    this.#dirty.set(key, { since: dirty?.since ?? this.#now(), priority });
    if (!this.#processing.has(key)) this.#enqueue(key, priority);
  }

  /** Queues a key with low priority after a delay. The shortest of several delays for a key counts. */
  addAfter(key: Key, delayMs: number): void {
    if (this.#closed) return;
    const at = this.#now() + delayMs;
    const planned = this.#timers.get(key);
    if (planned && planned.at <= at) return;
    clearTimeout(planned?.timer);
    const timer = setTimeout(
      () => {
        this.#timers.delete(key);
        this.add(key, 'low');
      },
      Math.min(delayMs, 2 ** 31 - 1),
    );
    this.#timers.set(key, { at, timer });
  }

  /** Takes the next key, waiting for one; undefined once the queue is closed. Call `done` afterwards. */
  async take(): Promise<WorkItem<Key> | undefined> {
    if (this.#closed) return undefined;
    return this.#next() ?? new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Ends the processing of a key, whether it succeeded or not. */
  done(key: Key): void {
    const started = this.#processing.get(key);
    if (started === undefined) return;
    this.#processing.delete(key);
    this.#observer.onDone?.(this.#now() - started);
    const dirty = this.#dirty.get(key);
    if (dirty) this.#enqueue(key, dirty.priority);
  }

  /** Closes the queue: it accepts no more keys, and `take` resolves to undefined. */
  close(): void {
    this.#closed = true;
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #enqueue(key: Key, priority: Priority): void {
    if (this.#closed) return;
    this.#ready[priority].add(key);
    this.#observer.onAdd?.(this.depth);
    if (this.#takers.length > 0) this.#takers.shift()?.(this.#next());
  }

  #next(): WorkItem<Key> | undefined {
    const { high, low } = this.#ready;
    const isLowTurn = high.size === 0 || (low.size > 0 && ++this.#turns % LOW_PRIORITY_TURN === 0);
    const priority = isLowTurn ? 'low' : 'high';
    const [key] = this.#ready[priority];
    if (key === undefined) return undefined;
    this.#ready[priority].delete(key);
    const now = this.#now();
    const waited = now - (this.#dirty.get(key)?.since ?? now);
    this.#dirty.delete(key);
    this.#processing.set(key, now);
    this.#observer.onStart?.(this.depth, waited);
    return { key, priority };
  }
}
