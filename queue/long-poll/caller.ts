/** Whoever asked, as far as a long poll needs to know. */
export interface Caller {
  /** Whether it has gone, so that no answer can reach it. */
  readonly gone: boolean;
  /** Aborted when it goes. */
  readonly signal: AbortSignal;
}
