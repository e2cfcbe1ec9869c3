/** Told of what happens in a work queue; times in milliseconds of the clock that the queue was given. */
export interface WorkObserver {
  onAdd?(depth: number): void;
  onStart?(depth: number, waitedMs: number): void;
  onDone?(workedMs: number): void;
}

/** What has to be brought about goes before what has only to be reported. */
export type Lane = 'urgent' | 'calm';

/** A key whose turn it is, and the more urgent of the lanes that it was added to. */
export interface Turn {
  key: string;
  lane: Lane;
}

/** Of so many keys in a row one is a calm one if any waits, however many urgent ones there are. */
const CALM_TURN = 8;

/**
 * Keys of objects to work on: urgent ones first, of each lane in the order in which they came. A key is in the queue once
 * however often it is added, and is never worked on twice at a time: added while it is worked on, it comes again
 * afterwards.
 */
export class WorkQueue {
  readonly #ready: Record<Lane, Set<string>> = { urgent: new Set(), calm: new Set() };
  /** When each key that needs work was added, and how urgent it is. */
  readonly #dirty = new Map<string, { since: number; lane: Lane }>();
  readonly #working = new Map<string, number>();
  readonly #timers = new Map<string, { at: number; timer: NodeJS.Timeout }>();
  readonly #takers: ((turn: Turn | undefined) => void)[] = [];
  readonly #now: () => number;
  readonly #observer: WorkObserver;
  #turns = 0;
  #closed = false;

  constructor(observer: WorkObserver = {}, now: () => number = () => performance.now()) {
    this.#observer = observer;
    this.#now = now;
  }

  get depth(): number {
    return this.#ready.urgent.size + this.#ready.calm.size;
  }

  /** Since when the longest-running key is worked on. */
  get oldestStart(): number | undefined {
    return this.#working.values().next().value;
  }

  /** Asks for work on a key, now. */
  add(key: string, lane: Lane = 'urgent'): void {
    if (this.#closed) return;
    const dirty = this.#dirty.get(key);
    if (dirty && (dirty.lane === 'urgent' || lane === 'calm')) return;
    this.#ready.calm.delete(key);
    this.#dirty.set(key, { since: dirty?.since ?? this.#now(), lane });
    if (!this.#working.has(key)) this.#enqueue(key, lane);
  }

  /** Asks for calm work on a key after a while; of several such requests for a key the earliest counts. */
  addAfter(key: string, delayMs: number): void {
    if (this.#closed) return;
    const at = this.#now() + delayMs;
    const planned = this.#timers.get(key);
    if (planned && planned.at <= at) return;
    clearTimeout(planned?.timer);
    const timer = setTimeout(
      () => {
        this.#timers.delete(key);
        this.add(key, 'calm');
      },
      Math.min(delayMs, 2 ** 31 - 1),
    );
    this.#timers.set(key, { at, timer });
  }

  /** Takes the next key, waiting for one; undefined once the queue is closed. Say `done` of it afterwards. */
  async take(): Promise<Turn | undefined> {
    if (this.#closed) return undefined;
    return this.#next() ?? new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Says that the work on a key is over, however it ended. */
  done(key: string): void {
    const started = this.#working.get(key);
    if (started === undefined) return;
    this.#working.delete(key);
    this.#observer.onDone?.(this.#now() - started);
    const dirty = this.#dirty.get(key);
    if (dirty) this.#enqueue(key, dirty.lane);
  }

  /** Ends the queue: nothing is added any more, and takers get undefined. */
  close(): void {
    this.#closed = true;
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #enqueue(key: string, lane: Lane): void {
    if (this.#closed) return;
    this.#ready[lane].add(key);
    this.#observer.onAdd?.(this.depth);
    if (this.#takers.length > 0) this.#takers.shift()?.(this.#next());
  }

  #next(): Turn | undefined {
    const { urgent, calm } = this.#ready;
    const isCalmTurn = urgent.size === 0 || (calm.size > 0 && ++this.#turns % CALM_TURN === 0);
    const lane = isCalmTurn ? 'calm' : 'urgent';
    const [key] = this.#ready[lane];
    if (key === undefined) return undefined;
    this.#ready[lane].delete(key);
    const now = this.#now();
    const waited = now - (this.#dirty.get(key)?.since ?? now);
    this.#dirty.delete(key);
    this.#working.set(key, now);
    this.#observer.onStart?.(this.depth, waited);
    return { key, lane };
  }
}
