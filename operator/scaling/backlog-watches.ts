import { BacklogWatch, type BacklogView } from './backlog-watch.ts';
import type { QueueProbe, QueueTarget } from './queue-probe.ts';

interface SharedWatch {
  watch: BacklogWatch;
  pools: Set<string>;
}

/** The queues that pools follow; pools with the same queue share one watch. */
export class BacklogWatches {
  readonly #probeOf: (target: QueueTarget) => QueueProbe;
  readonly #onChange: (pool: string) => void;
  readonly #watches = new Map<string, SharedWatch>();
  readonly #targetOf = new Map<string, string>();

  /** @param onChange told the key of every pool whose queue has changed */
  constructor(probeOf: (target: QueueTarget) => QueueProbe, onChange: (pool: string) => void) {
    this.#probeOf = probeOf;
    this.#onChange = onChange;
  }

  /** Queues that are followed. */
  get size(): number {
    return this.#watches.size;
  }

  /** What is known of a pool's queue; follows it from now on, and another one no longer. */
  follow(pool: string, target: QueueTarget): BacklogView {
    const id = JSON.stringify([target.rootUrl, target.project, target.queue, target.token ?? null]);
    if (this.#targetOf.get(pool) !== id) this.forget(pool);
    this.#targetOf.set(pool, id);
    const shared = this.#watches.get(id) ?? this.#start(id, target);
    shared.pools.add(pool);
    return shared.watch.view;
  }

  /** Stops following a pool's queue, unless another pool follows it too. */
  forget(pool: string): void {
    const id = this.#targetOf.get(pool);
    const shared = id === undefined ? undefined : this.#watches.get(id);
    this.#targetOf.delete(pool);
    if (id === undefined || !shared) return;
    shared.pools.delete(pool);
    if (shared.pools.size > 0) return;
    this.#watches.delete(id);
    void shared.watch.stop();
  }

  /** Stops following all queues. */
  async stop(): Promise<void> {
    const stopping = [...this.#watches.values()].map(({ watch }) => watch.stop());
    this.#watches.clear();
    this.#targetOf.clear();
    await Promise.all(stopping);
  }

  #start(id: string, target: QueueTarget): SharedWatch {
    const pools = new Set<string>();
    const onChange = () => {
      for (const pool of pools) this.#onChange(pool);
    };
    const watch = new BacklogWatch({ probe: this.#probeOf(target), onChange });
    const shared = { watch, pools };
    this.#watches.set(id, shared);
    void watch.run();
    return shared;
  }
}
