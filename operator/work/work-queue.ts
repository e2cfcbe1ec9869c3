/** Told of what happens in a work queue; times in milliseconds of the clock that the queue was given. */
export interface WorkObserver {
  onAdd?(depth: number): void;
  onStart?(depth: number, waitedMs: number): void;
  onDone?(workedMs: number): void;
}

/**
 * Keys of objects to work on, in the order in which they came. A key is in the queue once however often it is added, and
 * is never worked on twice at a time: added while it is worked on, it comes again afterwards.
 */
export class WorkQueue {
  readonly #ready: string[] = [];
  /** When each key that needs work was added. */
  readonly #dirty = new Map<string, number>();
  readonly #working = new Map<string, number>();
  readonly #timers = new Map<string, { at: number; timer: NodeJS.Timeout }>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  readonly #now: () => number;
  readonly #observer: WorkObserver;
  #closed = false;

  constructor(observer: WorkObserver = {}, now: () => number = () => performance.now()) {
    this.#observer = observer;
    this.#now = now;
  }

  get depth(): number {
    return this.#ready.length;
  }

  /** Since when the longest-running key is worked on. */
  get oldestStart(): number | undefined {
    return this.#working.values().next().value;
  }

  /** Since when each key is worked on, oldest first. */
  get starts(): number[] {
    return [...this.#working.values()];
  }

  /** Asks for work on a key, now. */
  add(key: string): void {
    if (this.#closed || this.#dirty.has(key)) return;
    this.#dirty.set(key, this.#now());
    if (this.#working.has(key)) return;
    this.#enqueue(key);
  }

  /** Asks for work on a key after a while; of several such requests for a key the earliest counts. */
  addAfter(key: string, delayMs: number): void {
    if (this.#closed) return;
    const at = this.#now() + delayMs;
    const planned = this.#timers.get(key);
    if (planned && planned.at <= at) return;
    clearTimeout(planned?.timer);
    const timer = setTimeout(
      () => {
        this.#timers.delete(key);
        this.add(key);
      },
      Math.min(delayMs, 2 ** 31 - 1),
    );
    this.#timers.set(key, { at, timer });
  }

  /** Takes the next key, waiting for one; undefined once the queue is closed. Say `done` of it afterwards. */
  async take(): Promise<string | undefined> {
    if (this.#closed) return undefined;
    const key = this.#ready.shift();
    if (key === undefined) {
      return new Promise((resolve) => {
        this.#takers.push((next) => {
          resolve(next === undefined ? undefined : this.#start(next));
        });
      });
    }
    return this.#start(key);
  }

  /** Says that the work on a key is over, however it ended. */
  done(key: string): void {
    const started = this.#working.get(key);
    if (started === undefined) return;
    this.#working.delete(key);
    this.#observer.onDone?.(this.#now() - started);
    if (this.#dirty.has(key)) this.#enqueue(key);
  }

  /** Ends the queue: nothing is added any more, and takers get undefined. */
  close(): void {
    this.#closed = true;
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #enqueue(key: string): void {
    if (this.#closed) return;
    this.#ready.push(key);
    this.#observer.onAdd?.(this.#ready.length);
    if (this.#takers.length > 0) this.#takers.shift()?.(this.#ready.shift());
  }

  #start(key: string): string {
    const now = this.#now();
    const waited = now - (this.#dirty.get(key) ?? now);
    this.#dirty.delete(key);
    this.#working.set(key, now);
    this.#observer.onStart?.(this.#ready.length, waited);
    return key;
  }
}
