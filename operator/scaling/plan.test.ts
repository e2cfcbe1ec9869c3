import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scalingSpecSchema } from '../api/scaling-spec.ts';
import { plan, type PlanMemory, type ObservedBacklog } from './plan.ts';

const T0 = 1_000_000_000;
const specOf = (scaling: object = {}, replicas = 0, daemons = 1) => ({
  replicas,
  scaling: scalingSpecSchema.parse({ targetBacklogPerDaemon: 10, maxReplicas: 20, ...scaling }),
  renderer: { daemons },
});
const tasks = (count: number): ObservedBacklog => ({ tasks: count });

describe('one decision', () => {
  test.each([
    ['an empty queue and no pods', specOf(), 0, tasks(0), 0, 'BacklogFollowed'],
    ['one task starts one pod', specOf(), 0, tasks(1), 1, 'BacklogFollowed'],
    ['a burst gets all its pods at once', specOf(), 0, tasks(95), 10, 'BacklogFollowed'],
    ['a burst beyond the maximum', specOf(), 1, tasks(10_000), 20, 'BacklogFollowed'],
    ['the minimum applies to an empty queue', specOf({ minReplicas: 2 }), 0, tasks(0), 2, 'BacklogFollowed'],
    ['daemons share the backlog', specOf({}, 0, 4), 0, tasks(95), 3, 'BacklogFollowed'],
    ['10 % over is within tolerance', specOf(), 10, tasks(110), 10, 'BacklogFollowed'],
    ['11 % over is not', specOf(), 10, tasks(111), 12, 'BacklogFollowed'],
    ['10 % under is within tolerance', specOf(), 10, tasks(90), 10, 'BacklogFollowed'],
    ['starting pods count', specOf(), 5, tasks(50), 5, 'BacklogFollowed'],
    ['a smaller backlog keeps the pods for the window', specOf(), 5, tasks(10), 5, 'Stabilizing'],
    [
      'drain time: 600 tasks of 2 s in 60 s',
      specOf({ targetBacklogPerDaemon: undefined, targetDrainSeconds: 60, secondsPerTask: 2 }),
      0,
      tasks(600),
      20,
      'BacklogFollowed',
    ],
    [
      'a drain time shorter than a task',
      specOf({ targetBacklogPerDaemon: undefined, targetDrainSeconds: 1, secondsPerTask: 60 }),
      0,
      tasks(3),
      3,
      'BacklogFollowed',
    ],
    ['a lowered maximum applies at once', specOf({ maxReplicas: 3 }), 8, tasks(500), 3, 'BacklogFollowed'],
    ['a fixed number', specOf({}, 7), 2, tasks(0), 7, 'ReplicasFixed'],
    [
      'a fixed number with an unreachable queue',
      specOf({ fallbackReplicas: 1 }, 7),
      2,
      { unknownSince: 0 },
      7,
      'ReplicasFixed',
    ],
    ['unreachable queue: keep the pods', specOf(), 4, { unknownSince: T0 - 60_000 }, 4, 'QueueUnreachable'],
    [
      'unreachable queue, before the fallback',
      specOf({ fallbackReplicas: 2 }),
      0,
      { unknownSince: T0 - 29_999 },
      0,
      'QueueUnreachable',
    ],
    [
      'unreachable queue: fallback',
      specOf({ fallbackReplicas: 2 }),
      0,
      { unknownSince: T0 - 30_000 },
      2,
      'FallbackReplicas',
    ],
    [
      'the fallback also removes pods',
      specOf({ fallbackReplicas: 2 }),
      9,
      { unknownSince: T0 - 30_000 },
      2,
      'FallbackReplicas',
    ],
    [
      'a fallback to zero',
      specOf({ fallbackReplicas: 0 }),
      9,
      { unknownSince: T0 - 30_000 },
      0,
      'FallbackReplicas',
    ],
    [
      'the last pod waits for the idle time',
      specOf({ scaleDownStabilizationSeconds: 0 }),
      3,
      tasks(0),
      1,
      'WaitingForIdleTime',
    ],
  ] as const)('%s', (_, spec, current, queue, replicas, reason) => {
    expect(plan(spec, current, queue, undefined, T0)).toMatchObject({ replicas, reason });
  });
});

/** Simulates a backlog second by second; the replicas follow the plan immediately. */
function play(
  spec: ReturnType<typeof specOf>,
  start: number,
  seconds: number,
  backlogAt: (second: number) => number,
) {
  let memory: PlanMemory | undefined;
  let current = start;
  const history: number[] = [];
  for (let second = 0; second < seconds; second++) {
    const next = plan(spec, current, tasks(backlogAt(second)), memory, T0 + second * 1000);
    ({ memory, replicas: current } = next);
    history.push(current);
  }
  return history;
}
const changes = (history: number[]) =>
  history.filter((value, index) => index > 0 && value !== history[index - 1]).length;

describe('over time', () => {
  test('five pods of an empty queue: one after the window, none after the idle time', () => {
    const history = play(specOf(), 5, 400, () => 0);
    expect([history[119], history[120], history[299], history[300]]).toEqual([5, 1, 1, 0]);
  });

  test('an idle time shorter than the window does not undercut the window', () => {
    const history = play(specOf({ idleSeconds: 10 }), 5, 200, () => 0);
    expect([history[119], history[120]]).toEqual([5, 0]);
  });

  test('a task in between restarts the idle time', () => {
    const history = play(specOf({ scaleDownStabilizationSeconds: 0 }), 1, 600, (s) => (s === 200 ? 1 : 0));
    expect([history[300], history[499], history[501]]).toEqual([1, 1, 0]);
  });

  test('a backlog that oscillates by half does not make the pods flap', () => {
    const history = play(specOf(), 0, 1200, (s) => 100 + (s % 30 < 15 ? 0 : -50));
    expect(changes(history)).toBe(0);
  });

  test('scale-up stabilization ignores a short burst and follows a lasting one', () => {
    const spec = specOf({ scaleUpStabilizationSeconds: 30 });
    const short = play(spec, 1, 60, (s) => (s >= 10 && s < 20 ? 200 : 10));
    const lasting = play(spec, 1, 60, (s) => (s >= 10 ? 200 : 10));
    expect(Math.max(...short)).toBe(1);
    expect([lasting[39], lasting[40]]).toEqual([1, 20]);
  });

  test('a falling backlog scales down to the highest recommendation in the window', () => {
    const history = play(specOf(), 10, 130, (s) => (s < 60 ? 100 : 30));
    expect([history[60], history[119], history[129]]).toEqual([10, 10, 10]);
    expect(play(specOf(), 10, 200, (s) => (s < 60 ? 100 : 30)).at(-1)).toBe(3);
  });

  test('the previous recommendation counts in the window, however long nothing changed before', () => {
    const spec = specOf({ scaleUpStabilizationSeconds: 30 });
    const busy = plan(spec, 10, tasks(100), undefined, T0);
    const less = plan(spec, 10, tasks(10), busy.memory, T0 + 3_600_000);
    expect(less).toMatchObject({ replicas: 10, reason: 'Stabilizing', planAgainAt: T0 + 3_720_000 });
    expect(plan(spec, 10, tasks(10), less.memory, T0 + 3_720_000).replicas).toBe(1);

    const calm = plan(spec, 1, tasks(10), undefined, T0);
    const burst = plan(spec, 1, tasks(100), calm.memory, T0 + 3_600_000);
    expect(burst).toMatchObject({ replicas: 1, reason: 'Stabilizing', planAgainAt: T0 + 3_630_000 });
    expect(plan(spec, 1, tasks(100), burst.memory, T0 + 3_630_000).replicas).toBe(10);
  });

  test('a new pool waits for the scale-up window as well', () => {
    const spec = specOf({ scaleUpStabilizationSeconds: 30 });
    const first = plan(spec, 0, tasks(100), undefined, T0);
    expect(first).toMatchObject({ replicas: 0, planAgainAt: T0 + 30_000 });
    expect(plan(spec, 0, tasks(100), first.memory, T0 + 30_000).replicas).toBe(10);
  });

  test('a clock that goes back by a day neither removes pods at once nor keeps them for a day', () => {
    const day = 86_400_000;
    const busy = plan(specOf(), 10, tasks(100), undefined, T0);
    const less = plan(specOf(), 10, tasks(10), busy.memory, T0 - day);
    expect(less.replicas).toBe(10);
    expect(plan(specOf(), 10, tasks(10), less.memory, T0 - day + 120_000).replicas).toBe(1);

    const idle = plan(specOf({ scaleDownStabilizationSeconds: 0 }), 1, tasks(0), undefined, T0);
    const back = plan(specOf({ scaleDownStabilizationSeconds: 0 }), 1, tasks(0), idle.memory, T0 - day);
    expect(back).toMatchObject({ replicas: 1, planAgainAt: T0 - day + 300_000 });
  });

  test('after a fixed number, the queue decides at once', () => {
    const held = plan(specOf({}, 7), 3, tasks(0), undefined, T0);
    expect(plan(specOf(), 7, tasks(0), held.memory, T0 + 1000).replicas).toBe(0);
    expect(plan(specOf(), 7, tasks(35), held.memory, T0 + 1000).replicas).toBe(4);
    expect(plan(specOf(), 7, { unknownSince: 0 }, held.memory, T0 + 1000).replicas).toBe(0);
  });

  test('it returns when to plan again', () => {
    expect(plan(specOf(), 5, tasks(10), undefined, T0).planAgainAt).toBe(T0 + 120_000);
    expect(plan(specOf({ scaleDownStabilizationSeconds: 0 }), 5, tasks(0), undefined, T0).planAgainAt).toBe(
      T0 + 300_000,
    );
    expect(plan(specOf({ fallbackReplicas: 1 }), 5, { unknownSince: T0 }, undefined, T0).planAgainAt).toBe(
      T0 + 30_000,
    );
    expect(plan(specOf(), 5, tasks(50), undefined, T0).planAgainAt).toBeUndefined();
  });
});

test('whatever the queue does, the number stays within its bounds, and tasks never wait without a pod', () => {
  const step = fc.record({ tasks: fc.option(fc.nat(5000)), seconds: fc.integer({ min: 1, max: 400 }) });
  fc.assert(
    fc.property(fc.nat(5), fc.array(step, { maxLength: 40 }), (minReplicas, steps) => {
      const spec = specOf({ minReplicas });
      let memory: PlanMemory | undefined;
      let current = 0;
      let now = T0;
      for (const { tasks: count, seconds } of steps) {
        now += seconds * 1000;
        const next = plan(spec, current, count === null ? { unknownSince: now } : tasks(count), memory, now);
        ({ memory, replicas: current } = next);
        expect(current).toBeGreaterThanOrEqual(minReplicas);
        expect(current).toBeLessThanOrEqual(20);
        if (count !== null && count > 0) expect(current).toBeGreaterThan(0);
        if (next.planAgainAt !== undefined) expect(next.planAgainAt).toBeGreaterThan(now);
      }
    }),
  );
});
