import { createHash } from 'node:crypto';
import { quantityOf } from '../api/pod-spec.ts';
import type { Manifest } from './manifest.ts';

/** The annotation with the hash of the applied manifest. It reveals fields that were removed from the manifest since. */
export const HASH_ANNOTATION = 'renderfleet.dev/manifest-hash';

/** Maps that the API server treats as one value: an additional entry is drift. */
const ATOMIC_MAPS = new Set(['selector', 'matchLabels', 'nodeSelector', 'podSelector', 'namespaceSelector']);

/** The manifest, annotated with its hash. */
export function hashed(manifest: Manifest): Manifest {
  const { metadata } = manifest;
  const content = JSON.stringify({ ...manifest, spec: { ...manifest.spec } });
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return {
    ...manifest,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [HASH_ANNOTATION]: hash } },
  };
}

/** Whether an object has everything in its manifest. Other fields belong to others. */
export function isAsApplied(live: object, manifest: Manifest): boolean {
  // The API server lists objects without their kind.
  return covers(live, { ...manifest, apiVersion: undefined, kind: undefined });
}

/** Whether a live value contains a desired one, up to the API server's normalization. */
export function covers(live: unknown, desired: unknown, name = ''): boolean {
  if (desired === undefined) return true;
  // An empty selector matches everything, a missing one nothing.
  if (live === undefined) return !name.endsWith('Selector') && isOmitted(desired);
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
  // A list without names is one value, so additional fields of its items are drift.
  if (!named)
    return (
      live.length === desired.length &&
      desired.every((item, index) => covers(live[index], item) && covers(item, live[index]))
    );
  return (desired as { name: string }[]).every((item) =>
    live.some((other) => isObject(other) && other.name === item.name && covers(other, item)),
  );
}

/** Whether the API server omits a value: it does if it is empty, but not if it is false or 0. */
function isOmitted(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isOmitted);
}

function isSameQuantity(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  const first = quantityOf(a);
  return first !== undefined && first === quantityOf(b);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
