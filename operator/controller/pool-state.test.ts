import { expect, test } from '@jest/globals';
import { unresolvedEndpoint } from '../api/queue-spec.ts';
import type { RenderPool } from '../api/render-pool.ts';
import { manifestsOf, newPoolState, parsedOf, type ParsedPool } from './pool-state.ts';

const DEFAULTS = {
  image: 'renderer:1',
  imagePullPolicy: 'IfNotPresent',
  staticDirectory: '/static',
} as const;
const pool = (generation: number): RenderPool => ({
  metadata: { name: 'docs', namespace: 'team', uid: 'u', resourceVersion: '1', generation },
  spec: { queue: { service: { name: 'queue' } } },
});

test('manifests are built again only for a new generation or another endpoint of the queue', () => {
  const state = newPoolState(pool(1));
  const manifests = (generation: number, labels?: Record<string, string>) => {
    const { spec, queue } = parsedOf(pool(generation), state) as ParsedPool & { ok: true };
    const endpoint = { ...unresolvedEndpoint(queue), ...(labels && { labels }) };
    return manifestsOf(state, spec, { rootUrl: queue.rootUrl, endpoint }, DEFAULTS);
  };
  const first = manifests(1);
  expect(manifests(1)).toBe(first);
  const resolved = manifests(1, { app: 'queue' });
  expect(resolved).not.toBe(first);
  expect(resolved.NetworkPolicy).not.toEqual(first.NetworkPolicy);
  expect(manifests(1, { app: 'queue' })).toBe(resolved);
  const next = manifests(2, { app: 'queue' });
  expect(next).not.toBe(resolved);
  expect(next).toEqual(resolved);
});

test('a spec is parsed once per generation', () => {
  const state = newPoolState(pool(1));
  const first = parsedOf(pool(1), state);
  expect(parsedOf(pool(1), state)).toBe(first);
  expect(parsedOf(pool(2), state)).not.toBe(first);
});
