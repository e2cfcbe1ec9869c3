import { QueueClient } from '../../../queue/client.ts';
import { createQueueApp } from '../../../queue/app.ts';
import { openSqliteStore } from '../../../queue/store/sqlite/store.ts';
import { Lease } from '../../../renderer/worker/lease.ts';

/** The queue service in this process, in memory, with a clock that only the test advances. */
export interface QueueApp {
  client: QueueClient;
  /** A client of a queue whose name the service refuses. */
  misdirectedClient: QueueClient;
  /** Milliseconds. */
  clock: () => number;
  advance: (milliseconds: number) => void;
  /** Inserts a task and leases it. */
  leased: (id: string, seconds?: number) => Promise<Lease>;
  /** Makes the service unreachable. */
  disconnect: () => Promise<void>;
  close: () => Promise<void>;
}

export async function startQueueApp(): Promise<QueueApp> {
  const start = Date.now();
  let passed = 0;
  const clock = () => passed;
  const store = openSqliteStore(':memory:', { now: () => (start + passed) * 1000 });
  const app = createQueueApp({ store });
  const rootUrl = await app.listen({ host: '127.0.0.1', port: 0 });
  const client = new QueueClient({ rootUrl, project: 'test', queue: 'render' });
  const misdirectedClient = new QueueClient({ rootUrl, project: 'test', queue: 'no such name!' });
  return {
    client,
    misdirectedClient,
    clock,
    advance: (milliseconds) => (passed += milliseconds),
    leased: async (id, seconds = 60) => {
      await client.insert({ id, tag: 'task', payload: '{}' });
      const askedAt = clock();
      const [task] = await client.lease({ numTasks: 1, leaseSecs: seconds, tag: 'task' });
      if (!task) throw new Error(`The task ${id} could not be leased.`);
      return new Lease(task, { client, seconds, askedAt, clock });
    },
    disconnect: () => app.close(),
    close: async () => {
      await client.close();
      await misdirectedClient.close();
      await app.close();
      await store.close();
    },
  };
}
