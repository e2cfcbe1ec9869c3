import { pause } from '../../service/backoff.ts';
import { TokenRefusedError, type QueueCounts, type QueueProbe } from './queue-probe.ts';

/** A queue is asked at most once in this time, however busy it is, in milliseconds. */
const PACE_MS = 1000;
/** What was counted last is believed this long, in milliseconds, while the queue does not answer. */
const BELIEVED_MS = 5000;

/** What is known of a queue now; times in ms since the epoch. */
export type BacklogView =
  | {
      known: true;
      counts: QueueCounts;
      changedAt: number;
    } /** Not known since then; error: what was wrong the last time, undefined: the queue has not been asked yet. */
  | { known: false; since: number; error: string | undefined };

export interface BacklogWatchOptions {
  probe: QueueProbe;
  onChange: () => void;
  now?: () => number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Follows one queue: asks it, waits in the call for the counts to change, and tells of each change. */
export class BacklogWatch {
  readonly #options: Required<BacklogWatchOptions>;
  readonly #stop = new AbortController();
  #view: BacklogView;

  constructor(options: BacklogWatchOptions) {
    this.#options = { now: Date.now, wait: pause, ...options };
    this.#view = { known: false, since: this.#options.now(), error: undefined };
  }

  get view(): BacklogView {
    return this.#view;
  }

  /** Follows the queue until stop. */
  async run(): Promise<void> {
    const { now, wait, probe } = this.#options;
    const { signal } = this.#stop;
    let failingSince: number | undefined;
    while (!signal.aborted) {
      const asked = now();
      try {
        const known = this.#view.known && failingSince === undefined ? this.#view.counts : undefined;
        this.#counted(await probe.read(known, signal));
        failingSince = undefined;
        // No longer than the pace, even if the clock went back meanwhile.
        await wait(Math.min(PACE_MS, asked + PACE_MS - now()), signal);
      } catch (error) {
        // A held call that breaks off says nothing of the time before: until then the queue did not answer because nothing changed.
        failingSince ??= now();
        this.#failed(error, failingSince);
        await wait(PACE_MS, signal);
      }
    }
  }

  /** Ends the loop and the probe's connections. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#options.probe.close();
  }

  #counted(counts: QueueCounts): void {
    const before = this.#view;
    const same =
      before.known && before.counts.tasks === counts.tasks && before.counts.oldestTask === counts.oldestTask;
    if (same) return;
    this.#view = { known: true, counts, changedAt: this.#options.now() };
    this.#options.onChange();
  }

  #failed(error: unknown, since: number): void {
    if (this.#stop.signal.aborted) return;
    // Another try would be refused as well; the token is to be read anew.
    const refused = error instanceof TokenRefusedError;
    if (this.#view.known && !refused && this.#options.now() - since < BELIEVED_MS) return;
    const first = this.#view.known || this.#view.error !== messageOf(error);
    this.#view = {
      known: false,
      since: this.#view.known ? since : this.#view.since,
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
