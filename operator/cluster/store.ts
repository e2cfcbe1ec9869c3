import type { ObjectMeta } from '../api/render-pool.ts';

/** What a store can hold. */
export interface Stored {
  metadata: ObjectMeta;
}

/** Identifies an object among those of its kind, for maps and logs. Nothing takes it apart again. */
export type ObjectKey = `${string}/${string}`;

export function keyOf(namespace: string, name: string): ObjectKey {
  return `${namespace}/${name}`;
}

/** Receives every change: the object before and after it, undefined where it does not exist. */
export type ChangeListener<T> = (after: T | undefined, before: T | undefined) => void;

/** The latest known state of the objects of one kind. */
export class Store<T extends Stored> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #listeners: ChangeListener<T>[] = [];

  get size(): number {
    return this.#objects.size;
  }

  onChange(listener: ChangeListener<T>): void {
    this.#listeners.push(listener);
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  keys(): IterableIterator<ObjectKey> {
    return this.#objects.keys();
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  /** Stores an object unless a newer version is known: the answer to a write often arrives before its watch event. */
  put(object: T): void {
    const before = this.get(keyOfObject(object));
    if (this.#set(object, before)) this.#notify(object, before);
  }

  /** Stores the answer to one's own write, like `put`, but without notifying listeners. */
  putQuietly(object: T): void {
    this.#set(object, this.get(keyOfObject(object)));
  }

  /** Removes a deleted object, unless another one of its name has replaced it. */
  delete(object: T): void {
    const key = keyOfObject(object);
    const before = this.#objects.get(key);
    if (before?.metadata.uid !== object.metadata.uid) return;
    this.#objects.delete(key);
    this.#notify(undefined, before);
  }

  /** Replaces all objects in a scope with those of a list. */
  replace(objects: T[], inScope: (object: T) => boolean): void {
    const listed = new Set(objects.map(({ metadata }) => metadata.uid));
    for (const known of [...this.#objects.values()]) {
      if (inScope(known) && !listed.has(known.metadata.uid)) this.delete(known);
    }
    for (const object of objects) this.put(object);
  }

  #set(object: T, before: T | undefined): boolean {
    if (before?.metadata.uid === object.metadata.uid && !isNewer(object, before)) return false;
    this.#objects.set(keyOfObject(object), object);
    return true;
  }

  #notify(after: T | undefined, before: T | undefined): void {
    for (const listener of this.#listeners) listener(after, before);
  }
}

function keyOfObject({ metadata }: Stored): ObjectKey {
  return keyOf(metadata.namespace, metadata.name);
}

function isNewer(a: Stored, b: Stored): boolean {
  return BigInt(a.metadata.resourceVersion) > BigInt(b.metadata.resourceVersion);
}
