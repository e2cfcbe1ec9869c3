import type { Dispatcher } from 'undici';
import { QueueClient } from '../../queue/client.ts';
import { QueueError } from '../../queue/wire/faults.ts';
import { TASK_TAG } from '../../queue/wire/render.ts';

/** How long the queue service holds a request while the counts do not change, in seconds. */
const WAIT_SECONDS = 25;

/** The address and credentials of a pool's queue. */
export interface QueueTarget {
  rootUrl: string;
  project: string;
  queue: string;
  token?: string | undefined;
}

/** The render tasks in a queue. */
export interface QueueCounts {
  /** Number of tasks, leased ones included. */
  tasks: number;
  /** When the oldest one was inserted, in seconds since the epoch; 0 if there is none. */
  oldestTask: number;
}

/** The queue service rejected the token. */
export class TokenRefusedError extends Error {
  override name = 'TokenRefusedError';
}

/** Reads the counts of one queue. */
export interface QueueProbe {
  /**
   * The current counts. Given the `known` ones, it waits for a change, up to half a minute.
   *
   * @throws TokenRefusedError if the queue service rejects the token; another error if it is unreachable
   */
  read(known: QueueCounts | undefined, signal: AbortSignal): Promise<QueueCounts>;
  close(): Promise<void>;
}

/** Reads the counts over HTTP, with requests that the queue service holds until the number of render tasks changes. */
export class HttpProbe implements QueueProbe {
  readonly #client: QueueClient;

  /** @param connections shared by the probes of all queues; the caller closes it */
  constructor(target: QueueTarget, connections: Dispatcher) {
    this.#client = new QueueClient({ ...target, dispatcher: connections });
  }

  async read(known: QueueCounts | undefined, signal: AbortSignal): Promise<QueueCounts> {
    const question = known ? { unlike: known.tasks, waitSecs: WAIT_SECONDS } : {};
    try {
      const { totalTasks, oldestTask } = await this.#client.statsOf({ tag: TASK_TAG, ...question }, signal);
      return { tasks: totalTasks, oldestTask };
    } catch (error) {
      const refused = error instanceof QueueError && [401, 403].includes(error.code);
      throw refused ? new TokenRefusedError(error.message, { cause: error }) : error;
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
