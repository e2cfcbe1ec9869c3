/** What a long poll needs to know of its caller. */
export interface Caller {
  /** Whether the caller has disconnected, so that no answer can reach it. */
  readonly gone: boolean;
  /** Aborted when it disconnects. */
  readonly signal: AbortSignal;
}

/** A waiting caller. It settles once: by an answer, when its time is over, or when it disconnects. */
export class Waiter<T> {
  readonly promise: Promise<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal;
  readonly #leave: () => void;
  waiting = true;

  /** @param atEnd the answer when the time is over or the caller has disconnected */
  constructor(waitSeconds: number, signal: AbortSignal, atEnd: T, forget: (waiter: Waiter<T>) => void) {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = signal;
    this.#leave = () => {
      forget(this);
      this.answer(atEnd);
    };
    this.#timer = setTimeout(this.#leave, waitSeconds * 1000);
    signal.addEventListener('abort', this.#leave, { once: true });
    if (signal.aborted) this.#leave();
  }

  answer(value: T): void {
    this.#settle();
    this.#resolve(value);
  }

  fail(error: unknown): void {
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    this.waiting = false;
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#leave);
  }
}
