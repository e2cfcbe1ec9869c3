import { QueueClient } from '../../queue/client.ts';
import type { QueueCounts, QueueProbe, QueueTarget } from './queue-probe.ts';

/** Asks a queue over HTTP. */
export class HttpProbe implements QueueProbe {
  readonly #client: QueueClient;

  constructor(target: QueueTarget) {
    this.#client = new QueueClient({ ...target, connections: 1 });
  }

  async read(_known: QueueCounts | undefined, signal: AbortSignal): Promise<QueueCounts> {
    const { stats } = await this.#client.stats(signal);
    return { tasks: stats?.totalTasks ?? 0, oldestTask: stats?.oldestTask ?? 0 };
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
