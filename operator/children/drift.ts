import { createHash } from 'node:crypto';
import type { Manifest } from './context.ts';
import { quantityOf } from '../api/quantity.ts';
import type { LiveObject } from '../cluster/live.ts';

/** The annotation with the hash of the manifest that an object was made from; it tells that a field was taken out of it. */
export const HASH_ANNOTATION = 'renderfleet.dev/manifest-hash';

/** Maps that the API server takes as one value: an entry that somebody added is a change of it. */
const ATOMIC_MAPS = new Set(['selector', 'matchLabels', 'nodeSelector', 'podSelector', 'namespaceSelector']);

/** The manifest with the annotation of its hash, which says nothing of replicas: they change alone. */
export function hashed(manifest: Manifest): Manifest {
  const { metadata, spec } = manifest;
  const told = JSON.stringify({ ...manifest, spec: { ...spec, replicas: undefined } });
  const hash = createHash('sha256').update(told).digest('hex').slice(0, 16);
  return {
    ...manifest,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [HASH_ANNOTATION]: hash } },
  };
}

/** Whether an object has everything that its manifest says; what it has besides is somebody else's. */
export function isAsApplied(live: LiveObject, manifest: Manifest): boolean {
  // Objects of a list come without their kind.
  return covers(live, { ...manifest, apiVersion: undefined, kind: undefined });
}

/** Whether a value holds all of a desired one, in the API server's own way of writing things. */
export function covers(live: unknown, desired: unknown, name = ''): boolean {
  if (desired === undefined) return true;
  // A selector that is empty means everything, one that is not there nothing.
  if (live === undefined) return !name.endsWith('Selector') && isLeftOut(desired);
  if (Array.isArray(desired)) return Array.isArray(live) && coversList(live, desired);
  if (isObject(desired)) {
    if (!isObject(live)) return false;
    if (ATOMIC_MAPS.has(name) && Object.keys(live).length !== Object.keys(desired).length) return false;
    return Object.entries(desired).every(([key, value]) => covers(live[key], value, key));
  }
  return live === desired || isSameQuantity(live, desired);
}

function coversList(live: unknown[], desired: unknown[]): boolean {
  const named =
    desired.length > 0 && desired.every((item) => isObject(item) && typeof item.name === 'string');
  // A list without names is one value, so what an item has besides is a change as well.
  if (!named)
    return (
      live.length === desired.length &&
      desired.every((item, index) => covers(live[index], item) && covers(item, live[index]))
    );
  return (desired as { name: string }[]).every((item) =>
    live.some((other) => isObject(other) && other.name === item.name && covers(other, item)),
  );
}

/** The API server leaves empty values out; false and 0 it keeps where they mean something. */
function isLeftOut(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isLeftOut);
}

function isSameQuantity(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  const first = quantityOf(a);
  return first !== undefined && first === quantityOf(b);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
