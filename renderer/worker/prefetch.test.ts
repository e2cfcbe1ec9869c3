import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Pace, tasksAhead } from './prefetch.ts';

describe('how many tasks are leased ahead', () => {
  test('none while nothing is known of how long they take', () => {
    expect(tasksAhead({ daemons: 4, taskCount: 20, slowestSeconds: undefined })).toBe(0);
  });

  test('the whole batch of quick ones, none of slow ones', () => {
    expect(tasksAhead({ daemons: 2, taskCount: 20, slowestSeconds: 0.03 })).toBe(20);
    expect(tasksAhead({ daemons: 2, taskCount: 20, slowestSeconds: 0.2 })).toBe(5);
    expect(tasksAhead({ daemons: 2, taskCount: 20, slowestSeconds: 1.1 })).toBe(0);
  });

  test('never more than all daemons together finish in half a second at the slowest pace', () => {
    const sizes = { daemons: fc.integer({ min: 1, max: 64 }), taskCount: fc.integer({ min: 1, max: 1000 }) };
    const slowestSeconds = fc.double({ min: 0.001, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.record({ ...sizes, slowestSeconds }), (given) => {
        const ahead = tasksAhead(given);
        expect(ahead).toBeLessThanOrEqual(given.taskCount);
        expect((ahead * given.slowestSeconds) / given.daemons).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
    );
  });
});

describe('the pace', () => {
  test('is that of the slowest of the last twenty tasks and of those under way', () => {
    let now = 0;
    const pace = new Pace(() => now);
    const run = (milliseconds: number) => {
      const end = pace.begin();
      now += milliseconds;
      end();
    };
    expect(pace.slowestSeconds).toBeUndefined();

    run(500);
    for (let i = 0; i < 19; i++) run(30);
    expect(pace.slowestSeconds).toBeCloseTo(0.5, 2);
    run(30);
    expect(pace.slowestSeconds).toBeCloseTo(0.03, 2);

    const end = pace.begin();
    now += 4000;
    expect(pace.slowestSeconds).toBeCloseTo(4, 2);
    end();
    expect(pace.slowestSeconds).toBeCloseTo(4, 2);
  });
});
