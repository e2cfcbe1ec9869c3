import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DaemonState } from './daemon.ts';
import type { Ending } from './publish.ts';

const STATES: DaemonState[] = ['starting', 'idle', 'rendering', 'delivering', 'ended'];

/** What the renderer counts and measures, in a registry of its own. */
export class RendererMetrics {
  readonly registry = new Registry();
  readonly #tasks = this.#add(
    new Counter({
      name: 'renderfleet_tasks_total',
      help: 'Tries of tasks by what they came to.',
      labelNames: ['outcome'],
      registers: [],
    }),
  );
  readonly #seconds = this.#add(
    new Histogram({
      name: 'renderfleet_render_seconds',
      help: 'Seconds that a try of a task took, without its delivery.',
      buckets: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
      registers: [],
    }),
  );
  readonly #batch = this.#add(
    new Histogram({
      name: 'renderfleet_lease_batch_tasks',
      help: 'Tasks leased by one call, of the calls that brought any.',
      buckets: [1, 2, 5, 10, 20, 50, 100],
      registers: [],
    }),
  );
  readonly #browsers = this.#add(
    new Counter({
      name: 'renderfleet_browser_starts_total',
      help: 'Browsers started, the first of each daemon included.',
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

  /** Shows, whenever the metrics are read, how many daemons do what and how many tasks are held. */
  watch({ states, held }: { states: () => DaemonState[]; held: () => number }): void {
    this.#add(
      new Gauge({
        name: 'renderfleet_daemons',
        help: 'Daemons by what they do now.',
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
        help: 'Tasks leased by this process and not yet ended.',
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
