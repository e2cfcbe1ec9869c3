import { pause } from '../../service/backoff.ts';
import { TokenRefusedError, type QueueCounts, type QueueProbe } from './queue-probe.ts';

/** Least time between two reads of a queue, however busy it is, in milliseconds. */
const INTERVAL_MS = 1000;
/** How long the last counts remain valid while the queue does not answer, in milliseconds. */
const VALID_MS = 5000;

/** The state of a queue; times in milliseconds since the epoch. */
export type BacklogState =
  | { known: true; counts: QueueCounts; changedAt: number }
  /** The error of the last read; undefined before the first one. */
  | { known: false; since: number; error: string | undefined };

export interface BacklogWatchOptions {
  probe: QueueProbe;
  onChange: () => void;
  now?: () => number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Watches one queue: reads its counts, waits for them to change, and reports each change. */
export class BacklogWatch {
  readonly #options: Required<BacklogWatchOptions>;
  readonly #stop = new AbortController();
  #state: BacklogState;

  constructor(options: BacklogWatchOptions) {
    this.#options = { now: Date.now, wait: pause, ...options };
    this.#state = { known: false, since: this.#options.now(), error: undefined };
  }

  get state(): BacklogState {
    return this.#state;
  }

  /** Watches the queue until `stop`. */
  async run(): Promise<void> {
    const { now, wait, probe } = this.#options;
    const { signal } = this.#stop;
    let failingSince: number | undefined;
    while (!signal.aborted) {
      const started = now();
      try {
        const known = this.#state.known && failingSince === undefined ? this.#state.counts : undefined;
        this.#succeeded(await probe.read(known, signal));
        failingSince = undefined;
        // Never longer than the interval, even if the clock went back in the meantime.
        await wait(Math.min(INTERVAL_MS, started + INTERVAL_MS - now()), signal);
      } catch (error) {
        // A held request that breaks off does not count as failing before: until then nothing had changed.
        failingSince ??= now();
        this.#failed(error, failingSince);
        await wait(INTERVAL_MS, signal);
      }
    }
  }

  /** Ends `run` and closes the probe. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#options.probe.close();
  }

  #succeeded(counts: QueueCounts): void {
    const before = this.#state;
    const same =
      before.known && before.counts.tasks === counts.tasks && before.counts.oldestTask === counts.oldestTask;
    if (same) return;
    this.#state = { known: true, counts, changedAt: this.#options.now() };
    this.#options.onChange();
  }

  #failed(error: unknown, since: number): void {
    if (this.#stop.signal.aborted) return;
    // A retry would be refused as well; the token must be read again.
    const refused = error instanceof TokenRefusedError;
    if (this.#state.known && !refused && this.#options.now() - since < VALID_MS) return;
    const first = this.#state.known || this.#state.error !== messageOf(error);
    this.#state = {
      known: false,
      since: this.#state.known ? since : this.#state.since,
      error: messageOf(error),
    };
    if (first) this.#options.onChange();
  }
}

function messageOf(error: unknown): string {
  const { message, code, cause } = error as {
    message?: string;
    code?: unknown;
    cause?: { message?: string };
  };
  return [message, cause?.message, code].filter(Boolean).map(String)[0] ?? 'unknown error';
}
