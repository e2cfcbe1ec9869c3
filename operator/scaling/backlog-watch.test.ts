import { expect, test } from '@jest/globals';
import { BacklogWatch } from './backlog-watch.ts';
import { TokenRefusedError, type QueueCounts, type QueueProbe } from './queue-probe.ts';

/** Runs a watch against a list of answers, with a clock that only its waits advance, until the last answer. */
async function play(answers: (QueueCounts | Error)[], heldMs: number[] = []) {
  let now = 0;
  const asked: { at: number; known: QueueCounts | undefined }[] = [];
  const states: unknown[] = [];
  const probe: QueueProbe = {
    read(known) {
      asked.push({ at: now, known });
      const answer = answers[asked.length - 1];
      now += heldMs[asked.length - 1] ?? 0;
      if (asked.length === answers.length) void watch.stop();
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve(answer ?? { tasks: 0, oldestTask: 0 });
    },
    close: () => Promise.resolve(),
  };
  const watch: BacklogWatch = new BacklogWatch({
    probe,
    onChange: () => states.push(watch.state),
    now: () => now,
    wait: (ms) => {
      now += Math.max(0, ms);
      return Promise.resolve();
    },
  });
  await watch.run();
  return { asked, states };
}

const counts = (tasks: number): QueueCounts => ({ tasks, oldestTask: tasks });
const down = new Error('connection refused');

test('reports each change once, sends the known counts, and reads at most once a second', async () => {
  const { asked, states } = await play([counts(0), counts(3), counts(3), counts(5)]);
  expect(states).toMatchObject([{ counts: counts(0) }, { counts: counts(3) }, { counts: counts(5) }]);
  expect(asked.map(({ at }) => at)).toEqual([0, 1000, 2000, 3000]);
  expect(asked.map(({ known }) => known?.tasks)).toEqual([undefined, 0, 3, 3]);
});

test('one failed read does not make the queue unreachable; five seconds of them do', async () => {
  const lost = Array<Error>(6).fill(down);
  const { states } = await play([counts(1), down, counts(1), ...lost, counts(1)]);
  expect(states).toMatchObject([
    { known: true },
    { known: false, since: 3000, error: 'connection refused' },
    { known: true, counts: counts(1) },
  ]);
});

test('a queue that never answered is unreachable at once', async () => {
  const { states } = await play([down, down, counts(2)]);
  expect(states).toMatchObject([{ known: false, since: 0 }, { known: true }]);
});

test('a long-held request that breaks off does not make the queue unreachable', async () => {
  const { asked, states } = await play([counts(1), down, counts(1)], [0, 20_000]);
  expect(states).toMatchObject([{ known: true }]);
  expect(asked.map(({ at }) => at)).toEqual([0, 1000, 22_000]);
});

test('an unreachable queue is read once a second, so that its return is noticed within a second', async () => {
  const { asked } = await play([counts(1), ...Array<Error>(20).fill(down), counts(2)]);
  expect(asked.map(({ at }) => at)).toEqual(Array.from({ length: 22 }, (_, second) => second * 1000));
});

test('a refused token is reported at once', async () => {
  const { states } = await play([counts(1), new TokenRefusedError('invalid token'), counts(1)]);
  expect(states).toMatchObject([
    { known: true },
    { known: false, error: 'invalid token' },
    { known: true, counts: counts(1) },
  ]);
});

test('a clock that goes back by an hour during a read does not delay the next one', async () => {
  const { asked } = await play([counts(1), counts(2), counts(3)], [0, -3_600_000]);
  expect(asked.map(({ at }) => at)).toEqual([0, 1000, -3_598_000]);
});
