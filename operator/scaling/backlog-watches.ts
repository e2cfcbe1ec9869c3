import { BacklogWatch, type BacklogState } from './backlog-watch.ts';
import type { QueueProbe, QueueTarget } from './queue-probe.ts';

interface SharedWatch<Key> {
  id: string;
  target: QueueTarget;
  watch: BacklogWatch;
  pools: Set<Key>;
}

/** The watches of all pools' queues. Pools with the same queue share a watch. */
export class BacklogWatches<Key> {
  readonly #probeOf: (target: QueueTarget) => QueueProbe;
  readonly #onChange: (pool: Key) => void;
  readonly #shared = new Map<string, SharedWatch<Key>>();
  readonly #ofPool = new Map<Key, SharedWatch<Key>>();

  /** @param onChange called with every pool whose queue has changed */
  constructor(probeOf: (target: QueueTarget) => QueueProbe, onChange: (pool: Key) => void) {
    this.#probeOf = probeOf;
    this.#onChange = onChange;
  }

  /** The state of a pool's queue. Watches this queue from now on, and the pool's previous one no longer. */
  follow(pool: Key, target: QueueTarget): BacklogState {
    const current = this.#ofPool.get(pool);
    if (current && isSame(current.target, target)) return current.watch.state;
    this.forget(pool);
    const id = JSON.stringify([target.rootUrl, target.project, target.queue, target.token ?? null]);
    const shared = this.#shared.get(id) ?? this.#start(id, target);
    shared.pools.add(pool);
    this.#ofPool.set(pool, shared);
    return shared.watch.state;
  }

  /** Stops watching a pool's queue, unless another pool shares it. */
  forget(pool: Key): void {
    const shared = this.#ofPool.get(pool);
    if (!shared) return;
    this.#ofPool.delete(pool);
    shared.pools.delete(pool);
    if (shared.pools.size > 0) return;
    this.#shared.delete(shared.id);
    void shared.watch.stop();
  }

  /** Stops all watches. */
  async stop(): Promise<void> {
    const stopping = [...this.#shared.values()].map(({ watch }) => watch.stop());
    this.#shared.clear();
    this.#ofPool.clear();
    await Promise.all(stopping);
  }

  #start(id: string, target: QueueTarget): SharedWatch<Key> {
    const pools = new Set<Key>();
    const onChange = () => {
      for (const pool of pools) this.#onChange(pool);
    };
    const watch = new BacklogWatch({ probe: this.#probeOf(target), onChange });
    const shared = { id, target, watch, pools };
    this.#shared.set(id, shared);
    void watch.run();
    return shared;
  }
}

function isSame(a: QueueTarget, b: QueueTarget): boolean {
  return a.queue === b.queue && a.project === b.project && a.rootUrl === b.rootUrl && a.token === b.token;
}
