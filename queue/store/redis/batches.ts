/** A value that a script is called with. */
export type Argument = string | number | Buffer;

/** Operations of one kind on the same keys, which one call does. */
interface Batch<Kind> {
  kind: Kind;
  keys: readonly string[];
  values: Argument[];
  weight: number;
  waiting: PromiseWithResolvers<never>[];
}

export interface BatchOptions<Kind> {
  /** Does the operations of a batch, given their values one after the other. @returns an answer for each */
  run: (kind: Kind, keys: readonly string[], values: readonly Argument[]) => Promise<readonly never[]>;
  /** Limit of the total weight of one batch; an operation that exceeds it goes alone. */
  mostWeight: number;
  /** Called with the function that runs all open batches. */
  around: (runAll: () => void) => void;
}

/**
 * Gathers operations requested in one turn of the event loop, so that one call does many of a kind: the call is most of the cost
 * of a small operation. They go at the end of the turn, or as soon as they fill a batch.
 */
export class Batches<Kind> {
  readonly #options: BatchOptions<Kind>;
  readonly #open = new Map<Kind, Map<readonly string[], Batch<Kind>>>();
  #batches: Batch<Kind>[] = [];

  constructor(options: BatchOptions<Kind>) {
    this.#options = options;
  }

  /** Settles as the operation does; rejects if the whole batch fails. */
  add(kind: Kind, keys: readonly string[], values: readonly Argument[], weight: number): Promise<never> {
    const batch = this.#batchFor(kind, keys, weight);
    const waiting = Promise.withResolvers<never>();
    for (const value of values) batch.values.push(value);
    batch.weight += weight;
    batch.waiting.push(waiting);
    return waiting.promise;
  }

  #batchFor(kind: Kind, keys: readonly string[], weight: number): Batch<Kind> {
    const open = this.#open.get(kind)?.get(keys);
    if (!open) return this.#begin(kind, keys);
    if (open.weight + weight <= this.#options.mostWeight) return open;
    this.#runAll();
    return this.#begin(kind, keys);
  }

  #begin(kind: Kind, keys: readonly string[]): Batch<Kind> {
    const batch = { kind, keys, values: [], weight: 0, waiting: [] };
    const ofKind = this.#open.get(kind) ?? new Map<readonly string[], Batch<Kind>>();
    this.#open.set(kind, ofKind.set(keys, batch));
    if (this.#batches.push(batch) === 1)
      setImmediate(() => {
        this.#options.around(() => {
          this.#runAll();
        });
      });
    return batch;
  }

  #runAll(): void {
    const batches = this.#batches;
    this.#batches = [];
    this.#open.clear();
    for (const batch of batches) void this.#run(batch);
  }

  async #run({ kind, keys, values, waiting }: Batch<Kind>): Promise<void> {
    try {
      const answers = await this.#options.run(kind, keys, values);
      for (const [at, { resolve }] of waiting.entries()) resolve(answers[at] as never);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
