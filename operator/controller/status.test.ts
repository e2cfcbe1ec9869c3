import { describe, expect, test } from '@jest/globals';
import { renderPoolSpecSchema, type RenderPool } from '../api/render-pool.ts';
import type { ConditionType, RenderPoolStatus } from '../api/status.ts';
import type { Facts } from './conditions.ts';
import { changeOf, statusOf } from './status.ts';

const NOW = Date.parse('2026-01-01T00:10:00Z');
const pool = (status?: RenderPoolStatus): RenderPool => ({
  metadata: { name: 'docs', namespace: 'team', uid: 'u', resourceVersion: '1', generation: 3 },
  ...(status && { status }),
});
const specOf = (more: object = {}) => renderPoolSpecSchema.parse({ queue: { url: 'http://q' }, ...more });
const facts = (more: Partial<Facts> = {}, replicas = 2, ready = 2): Facts => ({
  spec: specOf(),
  backlog: { known: true, counts: { tasks: 30, oldestTask: NOW / 1000 - 90 }, changedAt: NOW },
  plan: {
    replicas: 2,
    reason: 'BacklogFollowed',
    message: 'm',
    memory: { lowest: [], highest: [], fixed: false },
  },
  deployment: {
    metadata: { name: 'docs-renderer', namespace: 'team', uid: 'd', resourceVersion: '2', generation: 1 },
    spec: { replicas },
    status: { replicas, readyReplicas: ready, updatedReplicas: replicas, observedGeneration: 1 },
  },
  failure: undefined,
  scaledAt: undefined,
  now: NOW,
  ...more,
});
const condition = (status: RenderPoolStatus, type: ConditionType) => {
  const found = status.conditions?.find((each) => each.type === type);
  return `${found?.status ?? ''} ${found?.reason ?? ''}`;
};

test('reports the number of pods and tasks, and the age of the oldest task', () => {
  expect(statusOf(pool(), facts())).toMatchObject({
    ...{ replicas: 2, readyReplicas: 2, desiredReplicas: 2, backlog: 30, observedGeneration: 3 },
    ...{ oldestTaskAge: 90, oldestTaskTime: '2026-01-01T00:08:30Z' },
  });
});

describe('conditions', () => {
  const lost = { known: false, since: 0, error: 'refused' } as const;
  const hold = { ...facts().plan, reason: 'QueueUnreachable' } as Facts['plan'];
  test.each<[string, Facts, Partial<Record<ConditionType, string>>]>([
    [
      'no problems',
      facts(),
      {
        Ready: 'True PodsReady',
        Progressing: 'False Settled',
        Degraded: 'False AsExpected',
        ScalingActive: 'True BacklogFollowed',
        Paused: 'False NotPaused',
      },
    ],
    [
      'a pod is not ready',
      facts({}, 2, 1),
      { Ready: 'False PodsNotReady', Progressing: 'True PodsStarting', Degraded: 'False AsExpected' },
    ],
    ['too many pods', facts({}, 3, 3), { Ready: 'True PodsReady', Progressing: 'True PodsStopping' }],
    [
      'the queue is unreachable',
      facts({ backlog: lost, plan: hold }),
      {
        Ready: 'False QueueUnreachable',
        Degraded: 'True QueueUnreachable',
        ScalingActive: 'False QueueUnreachable',
      },
    ],
    [
      'the queue has not been read yet',
      facts({ backlog: { ...lost, error: undefined }, plan: hold }),
      { Degraded: 'False AsExpected', ScalingActive: 'Unknown Starting' },
    ],
    [
      'paused',
      facts({ spec: specOf({ paused: true }), plan: undefined }),
      {
        Ready: 'True PodsReady',
        Paused: 'True Paused',
        ScalingActive: 'False Paused',
        Progressing: 'False Paused',
      },
    ],
    [
      'paused, and a pod is not ready',
      facts({ spec: specOf({ paused: true }), plan: undefined }, 2, 1),
      { Ready: 'False PodsNotReady', Paused: 'True Paused' },
    ],
    [
      'a dry run',
      facts({ spec: specOf({ dryRun: true }) }),
      { Ready: 'False DryRun', ScalingActive: 'False DryRun' },
    ],
    [
      'an invalid spec',
      facts({ spec: { invalid: 'spec.queue: no' }, plan: undefined }),
      { Ready: 'False InvalidSpec', Degraded: 'True InvalidSpec', ScalingActive: 'False InvalidSpec' },
    ],
    [
      'a refusal',
      facts({ failure: { reason: 'NameTaken', message: 'x' } }),
      { Ready: 'False NameTaken', Degraded: 'True NameTaken' },
    ],
  ])('%s', (_, given, expected) => {
    const status = statusOf(pool(), given);
    for (const [type, verdict] of Object.entries(expected)) {
      expect(`${type} ${condition(status, type as ConditionType)}`).toBe(`${type} ${verdict}`);
    }
  });

  test('keep the time of their last transition while their status stays the same', () => {
    const first = statusOf(pool(), facts());
    const later = statusOf(pool(first), facts({ now: NOW + 60_000 }, 2, 1));
    const times = Object.fromEntries(
      (later.conditions ?? []).map((each) => [each.type, each.lastTransitionTime]),
    );
    expect(times).toMatchObject({ Ready: '2026-01-01T00:11:00Z', Degraded: '2026-01-01T00:10:00Z' });
  });
});

test('time alone is no change; figures, counts and state are, each with its own significance', () => {
  const before = statusOf(pool(), facts());
  const after = (given: Facts) => changeOf(before, statusOf(pool(before), given));
  expect(after(facts({ now: NOW + 3_600_000 }))).toBe('none');
  const backlog = {
    known: true,
    counts: { tasks: 31, oldestTask: NOW / 1000 - 90 },
    changedAt: NOW,
  } as const;
  expect(after(facts({ backlog }))).toBe('figures');
  expect(after(facts({}, 3, 3))).toBe('state');
  expect(changeOf(statusOf(pool(), facts({}, 4, 4)), statusOf(pool(), facts({}, 3, 3)))).toBe('counts');
  expect(changeOf(undefined, before)).toBe('state');
});
