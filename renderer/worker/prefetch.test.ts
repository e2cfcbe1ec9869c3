import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { prefetchTarget, TaskDurations } from './prefetch.ts';

describe('how many tasks are prefetched', () => {
  test('none while no duration is known', () => {
    expect(prefetchTarget({ daemons: 4, taskCount: 20, slowestSeconds: undefined })).toBe(0);
  });

  test('a whole batch of quick ones, none of slow ones', () => {
    expect(prefetchTarget({ daemons: 2, taskCount: 20, slowestSeconds: 0.03 })).toBe(20);
    expect(prefetchTarget({ daemons: 2, taskCount: 20, slowestSeconds: 0.2 })).toBe(5);
    expect(prefetchTarget({ daemons: 2, taskCount: 20, slowestSeconds: 1.1 })).toBe(0);
  });

  test('never more than all daemons together finish in half a second at the slowest speed', () => {
    const sizes = { daemons: fc.integer({ min: 1, max: 64 }), taskCount: fc.integer({ min: 1, max: 1000 }) };
    const slowestSeconds = fc.double({ min: 0.001, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.record({ ...sizes, slowestSeconds }), (given) => {
        const target = prefetchTarget(given);
        expect(target).toBeLessThanOrEqual(given.taskCount);
        expect((target * given.slowestSeconds) / given.daemons).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
    );
  });
});

describe('the durations of tasks', () => {
  test('give the slowest of the last twenty tasks and of those in progress', () => {
    let now = 0;
    const durations = new TaskDurations(() => now);
    const run = (milliseconds: number) => {
      const end = durations.begin();
      now += milliseconds;
      end();
    };
    expect(durations.slowestSeconds).toBeUndefined();

    run(500);
    for (let i = 0; i < 19; i++) run(30);
    expect(durations.slowestSeconds).toBeCloseTo(0.5, 2);
    run(30);
    expect(durations.slowestSeconds).toBeCloseTo(0.03, 2);

    const end = durations.begin();
    now += 4000;
    expect(durations.slowestSeconds).toBeCloseTo(4, 2);
    end();
    expect(durations.slowestSeconds).toBeCloseTo(4, 2);
  });
});
