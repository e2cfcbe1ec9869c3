import { Agent } from 'undici';
import { QueueClient } from '../../queue/client.ts';

/** Inserts tasks into many queues of one service. */
export class Backlogs {
  readonly #rootUrl: string;
  readonly #dispatcher = new Agent({ connections: 32 });

  constructor(rootUrl: string) {
    this.#rootUrl = rootUrl;
  }

  /** Inserts so many tasks into each queue. @returns when the last insert into each queue completed (performance.now) */
  async add(queues: string[], tasks: number): Promise<Map<string, number>> {
    const changed = new Map<string, number>();
    await Promise.all(
      queues.map(async (queue) => {
        const options = { rootUrl: this.#rootUrl, project: 'render', queue, timeoutMs: 120_000 };
        const client = new QueueClient({ ...options, dispatcher: this.#dispatcher });
        const insert = () => client.insert({ payload: '{}', tag: 'task' });
        await Promise.all(Array.from({ length: tasks }, insert));
        changed.set(queue, performance.now());
      }),
    );
    return changed;
  }

  async close(): Promise<void> {
    await this.#dispatcher.close();
  }
}
