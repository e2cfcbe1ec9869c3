/** Where a pool's queue is and what opens it. */
export interface QueueTarget {
  rootUrl: string;
  project: string;
  queue: string;
  token?: string | undefined;
}

/** What a queue says of its render tasks. */
export interface QueueCounts {
  /** Tasks in the queue, leased ones included. */
  tasks: number;
  /** When the oldest was put in, in seconds since the epoch; 0: there is none. */
  oldestTask: number;
}

/** A queue does not let the caller in, with the token that it has. */
export class TokenRefusedError extends Error {
  override name = 'TokenRefusedError';
}

/** Asks one queue how much there is to do. */
export interface QueueProbe {
  /**
   * The counts; given those that the caller knows, as soon as they are others, at the latest after half a minute.
   *
   * @throws TokenRefusedError when the queue does not let the caller in; another error when it cannot be reached.
   */
  read(known: QueueCounts | undefined, signal: AbortSignal): Promise<QueueCounts>;
  close(): Promise<void>;
}
