import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { QueueRef, TaskStore } from '../store/task-store.ts';

/** How many queues a scrape counts at most: those used last. */
const MOST_QUEUES = 1000;

/** What the service measures of itself. It counts queues only when Prometheus scrapes. */
export class QueueMetrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'method' | 'route' | 'status'>;
  readonly #durations: Histogram<'method' | 'route'>;
  /** Looking up a series by its labels costs more than counting. There are few: methods, statuses and routes are. */
  readonly #series = new Map<
    string,
    { requests: Counter.Internal; durations: Histogram.Internal<'method' | 'route'> }
  >();
  readonly #depths: Record<'total' | 'available' | 'age', Gauge<'project' | 'queue'>>;
  readonly #storeUp: Gauge;
  readonly #store: TaskStore;
  readonly #queues = new LRUCache<string, QueueRef>({ max: MOST_QUEUES });
  #last: QueueRef | undefined;

  /** @param waiting how many callers wait in a long poll */
  constructor(store: TaskStore, waiting: () => number) {
    this.#store = store;
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Counter({
      name: 'queue_http_requests_total',
      help: 'Requests answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'queue_http_request_duration_seconds',
      help: 'Time from a request to its answer, in seconds, including the wait of long polls.',
      labelNames: ['method', 'route'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 31],
      registers,
    });
    new Gauge({
      name: 'queue_waiting_requests',
      help: 'Callers waiting in a long poll.',
      registers,
      collect() {
        this.set(waiting());
      },
    });
    const depth = (name: string, help: string) =>
      new Gauge({ name, help, labelNames: ['project', 'queue'], registers });
    this.#depths = {
      total: depth('queue_tasks', 'Tasks in the queue, including leased ones.'),
      available: depth('queue_tasks_available', 'Tasks that can be leased now.'),
      age: depth('queue_oldest_task_age_seconds', 'Age of the next task to lease, in seconds.'),
    };
    this.#storeUp = new Gauge({
      name: 'queue_store_up',
      help: 'Whether the task storage answered at this scrape.',
      registers,
    });
  }

  /** Counts an answered request. */
  observe(request: FastifyRequest, reply: FastifyReply): void {
    const route = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    const key = `${method} ${reply.statusCode} ${route}`;
    let series = this.#series.get(key);
    if (!series) {
      series = {
        requests: this.#requests.labels({ method, route, status: reply.statusCode }),
        durations: this.#durations.labels({ method, route }),
      };
      this.#series.set(key, series);
    }
    series.requests.inc();
    series.durations.observe(reply.elapsedTime / 1000);
  }

  /** Counts a queue at scrapes from now on. */
  know(queue: QueueRef): void {
    // Most requests are for the same queue as the one before; that saves making its name.
    if (queue.queue === this.#last?.queue && queue.project === this.#last.project) return;
    this.#queues.set(`${queue.project}/${queue.queue}`, queue);
    this.#last = queue;
  }

  /** All metrics in the Prometheus text format. */
  async scrape(): Promise<string> {
    for (const depth of Object.values(this.#depths)) depth.reset();
    try {
      await Promise.all([...this.#queues.values()].map((queue) => this.#count(queue)));
      this.#storeUp.set(1);
    } catch {
      this.#storeUp.set(0);
    }
    return this.registry.metrics();
  }

  async #count({ project, queue }: QueueRef): Promise<void> {
    const { total, available, oldest } = await this.#store.stats({ project, queue });
    const labels = { project, queue };
    this.#depths.total.set(labels, total);
    this.#depths.available.set(labels, available);
    this.#depths.age.set(labels, total > 0 ? Math.max((Date.now() - oldest / 1000) / 1000, 0) : 0);
  }
}
