import type { ObjectMeta } from '../api/render-pool.ts';

/** What a store can hold. */
export interface Stored {
  metadata: ObjectMeta;
}

/** Told of every change, with the object before and after it; undefined: not there. */
export type ChangeListener<T> = (after: T | undefined, before: T | undefined) => void;

/** The newest known state of the objects of one kind, by namespace and name. */
export class Store<T extends Stored> {
  readonly #objects = new Map<string, T>();
  readonly #listeners: ChangeListener<T>[] = [];

  get size(): number {
    return this.#objects.size;
  }

  onChange(listener: ChangeListener<T>): void {
    this.#listeners.push(listener);
  }

  get(namespace: string, name: string): T | undefined {
    return this.#objects.get(keyOf(namespace, name));
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  /** Takes in a state of an object, unless a newer one is known: an answer to a write often comes before its watch event. */
  put(object: T): void {
    const before = this.get(object.metadata.namespace, object.metadata.name);
    if (this.#take(object, before)) this.#tell(object, before);
  }

  /** Takes in what a write of one's own was answered, like `put`, but tells nobody: who wrote looks at the answer. */
  learn(object: T): void {
    this.#take(object, this.get(object.metadata.namespace, object.metadata.name));
  }

  /** Takes in that an object is gone. */
  delete(object: T): void {
    const { namespace, name, uid } = object.metadata;
    const before = this.#objects.get(keyOf(namespace, name));
    if (before?.metadata.uid !== uid) return;
    this.#objects.delete(keyOf(namespace, name));
    this.#tell(undefined, before);
  }

  /** Takes in the whole of what there is in a scope, after a list; what is missing in it is gone. */
  replace(objects: T[], inScope: (object: T) => boolean): void {
    const listed = new Set(objects.map(({ metadata }) => metadata.uid));
    for (const known of [...this.#objects.values()]) {
      if (inScope(known) && !listed.has(known.metadata.uid)) this.delete(known);
    }
    for (const object of objects) this.put(object);
  }

  #take(object: T, before: T | undefined): boolean {
    const { namespace, name, uid } = object.metadata;
    if (before?.metadata.uid === uid && !isNewer(object, before)) return false;
    this.#objects.set(keyOf(namespace, name), object);
    return true;
  }

  #tell(after: T | undefined, before: T | undefined): void {
    for (const listener of this.#listeners) listener(after, before);
  }
}

/** The key of an object, namespace/name. */
export function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function isNewer(a: Stored, b: Stored): boolean {
  return BigInt(a.metadata.resourceVersion) > BigInt(b.metadata.resourceVersion);
}
