import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DaemonState } from './daemon.ts';
import type { Ending } from './publish.ts';

const STATES: DaemonState[] = ['starting', 'idle', 'rendering', 'publishing', 'ended'];

/** The renderer's metrics, in a registry of their own. */
export class RendererMetrics {
  readonly registry = new Registry();
  readonly #tasks = this.#add(
    new Counter({
      name: 'renderfleet_tasks_total',
      help: 'Attempts at tasks by outcome.',
      labelNames: ['outcome'],
      registers: [],
    }),
  );
  readonly #seconds = this.#add(
    new Histogram({
      name: 'renderfleet_render_seconds',
      help: 'Duration of attempts at tasks, in seconds, without publishing the result.',
      buckets: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
      registers: [],
    }),
  );
  readonly #batch = this.#add(
    new Histogram({
      name: 'renderfleet_lease_batch_tasks',
      help: 'Tasks per lease call, for calls that returned any.',
      buckets: [1, 2, 5, 10, 20, 50, 100],
      registers: [],
    }),
  );
  readonly #browsers = this.#add(
    new Counter({
      name: 'renderfleet_browser_starts_total',
      help: 'Browsers started, including the first of each daemon.',
      registers: [],
    }),
  );

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    for (const outcome of ['document', 'link', 'failure', 'retry', 'stopped', 'lost']) {
      this.#tasks.inc({ outcome }, 0);
    }
  }

  readonly onEnding = (outcome: Ending, seconds: number): void => {
    this.#tasks.inc({ outcome });
    this.#seconds.observe(seconds);
  };

  readonly onBatch = (tasks: number): void => {
    this.#batch.observe(tasks);
  };

  readonly onBrowserStart = (): void => {
    this.#browsers.inc();
  };

  /** Reports, at every scrape, how many daemons are in which state and how many tasks are held. */
  watch({ states, held }: { states: () => DaemonState[]; held: () => number }): void {
    this.#add(
      new Gauge({
        name: 'renderfleet_daemons',
        help: 'Daemons by state.',
        labelNames: ['state'],
        registers: [],
        collect() {
          const present = states();
          for (const state of STATES) this.set({ state }, present.filter((s) => s === state).length);
        },
      }),
    );
    this.#add(
      new Gauge({
        name: 'renderfleet_held_tasks',
        help: 'Tasks that this process holds a lease on.',
        registers: [],
        collect() {
          this.set(held());
        },
      }),
    );
  }

  #add<M extends Parameters<Registry['registerMetric']>[0]>(metric: M): M {
    this.registry.registerMetric(metric);
    return metric;
  }
}
