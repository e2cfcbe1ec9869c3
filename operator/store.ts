import type { ObjectMeta } from './render-pool/render-pool.ts';

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
    const { namespace, name } = object.metadata;
    const key = keyOf(namespace, name);
    const before = this.#objects.get(key);
    if (before && before.metadata.uid === object.metadata.uid && !isNewer(object, before)) return;
    this.#objects.set(key, object);
    this.#tell(object, before);
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
