import type { Dispatcher } from 'undici';
import { QueueClient, QueueError } from '../../queue/client.ts';
import { TokenRefusedError, type QueueCounts, type QueueProbe, type QueueTarget } from './queue-probe.ts';

/** The tag of the tasks that renderers take; their results lie in the same queue under another one. */
const RENDER_TAG = 'task';
/** How long the service holds a call open for the counts to change, in seconds. */
const WAIT_SECONDS = 25;

/** Asks a queue over HTTP, in calls that the queue service holds until the number of render tasks is another one. */
export class HttpProbe implements QueueProbe {
  readonly #client: QueueClient;

  /** @param connections shared by the probes of all queues, and closed by who made them */
  constructor(target: QueueTarget, connections: Dispatcher) {
    this.#client = new QueueClient({ ...target, dispatcher: connections });
  }

  async read(known: QueueCounts | undefined, signal: AbortSignal): Promise<QueueCounts> {
    const question = known ? { unlike: known.tasks, waitSecs: WAIT_SECONDS } : {};
    try {
      const { totalTasks, oldestTask } = await this.#client.statsOf({ tag: RENDER_TAG, ...question }, signal);
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
