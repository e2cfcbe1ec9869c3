import type { AddressInfo } from 'node:net';
import { QueueClient } from '../../../queue/client.ts';
import { createQueueApp } from '../../../queue/app.ts';
import type { Authorization } from '../../../queue/auth/authorization.ts';
import { openSqliteStore } from '../../../queue/store/sqlite/store.ts';

/** The queue service, with its tasks in memory. */
export interface QueueUnderTest {
  url: string;
  /** The spec of a pool for a queue of this service, with further fields. */
  specOf(taskQueue: string, more?: object): object;
  client(queue: string): QueueClient;
  close(): Promise<void>;
}

/**
 * Starts it on a free port, or on a given one to restart it. With `authorization` it requires tokens.
 */
export async function startQueue(port = 0, authorization?: Authorization): Promise<QueueUnderTest> {
  const store = openSqliteStore(':memory:');
  const app = createQueueApp({ store, authorization });
  await app.listen({ host: '127.0.0.1', port });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const clients: QueueClient[] = [];
  return {
    url,
    specOf: (taskQueue, more = {}) => ({ queue: { url, taskQueue }, ...more }),
    client(queue) {
      const client = new QueueClient({ rootUrl: url, project: 'render', queue, timeoutMs: 60_000 });
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await app.close();
      await store.close();
    },
  };
}
