import type { FastifyInstance } from 'fastify';
import { untilDeadline } from '../../service/deadline.ts';
import type { TaskStore } from '../store/task-store.ts';
import { refuseOtherMethods } from '../http/fault-responses.ts';
import { errorEnvelope } from '../wire/faults.ts';

const DEADLINE_MS = 2000;
const FRESH_MS = 1000;

/** Whether the service can do its work, looked up at most once a second however often it is asked. */
export class Readiness {
  readonly #store: TaskStore;
  readonly #now: () => number;
  #last: Promise<string[]> | undefined;
  #lastAt = 0;
  draining = false;

  /** @param now milliseconds that never go back */
  constructor(store: TaskStore, now: () => number = () => performance.now()) {
    this.#store = store;
    this.#now = now;
  }

  /** Why the service is not ready; empty when it is. */
  async problems(): Promise<string[]> {
    if (this.draining) return ['The service is shutting down.'];
    if (!this.#last || this.#now() - this.#lastAt >= FRESH_MS) {
      this.#lastAt = this.#now();
      this.#last = withinDeadline(this.#store.check());
    }
    return this.#last;
  }
}

async function withinDeadline(check: Promise<string[]>): Promise<string[]> {
  const overdue = new Error(`The task storage did not take a write within ${DEADLINE_MS} ms.`);
  try {
    return await untilDeadline(check, { milliseconds: DEADLINE_MS, overdue });
  } catch (error) {
    return [(error as Error).message];
  }
}

/** `/livez` answers whenever the process does; `/readyz` says why the service cannot work. */
export function registerHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get('/livez', { config: { quiet: true } }, () => ({ status: 'ok' }));
  app.get('/readyz', { config: { quiet: true } }, async (_request, reply) => {
    const problems = await readiness.problems();
    if (problems.length === 0) return { status: 'ok' };
    void reply.code(503).type('application/json; charset=utf-8');
    return errorEnvelope('notReady', problems.join(' '));
  });
  refuseOtherMethods(app, '/livez', ['GET']);
  refuseOtherMethods(app, '/readyz', ['GET']);
}
