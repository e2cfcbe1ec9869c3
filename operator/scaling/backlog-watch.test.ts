import { expect, test } from '@jest/globals';
import { BacklogWatch } from './backlog-watch.ts';
import { TokenRefusedError, type QueueCounts, type QueueProbe } from './queue-probe.ts';

/** Plays answers of a queue against a watch with a clock that only its waits move; ends it after the last. */
async function play(answers: (QueueCounts | Error)[], heldMs: number[] = []) {
  let now = 0;
  const asked: { at: number; known: QueueCounts | undefined }[] = [];
  const views: unknown[] = [];
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
    onChange: () => views.push(watch.view),
    now: () => now,
    wait: (ms) => {
      now += Math.max(0, ms);
      return Promise.resolve();
    },
  });
  await watch.run();
  return { asked, views };
}

const counts = (tasks: number): QueueCounts => ({ tasks, oldestTask: tasks });
const down = new Error('connection refused');

test('tells of each change once, says what it knows, and asks once a second at most', async () => {
  const { asked, views } = await play([counts(0), counts(3), counts(3), counts(5)]);
  expect(views).toMatchObject([{ counts: counts(0) }, { counts: counts(3) }, { counts: counts(5) }]);
  expect(asked.map(({ at }) => at)).toEqual([0, 1000, 2000, 3000]);
  expect(asked.map(({ known }) => known?.tasks)).toEqual([undefined, 0, 3, 3]);
});

test('a lost answer is no lost queue; five seconds without one are', async () => {
  const lost = Array<Error>(6).fill(down);
  const { views } = await play([counts(1), down, counts(1), ...lost, counts(1)]);
  expect(views).toMatchObject([
    { known: true },
    { known: false, since: 3000, error: 'connection refused' },
    { known: true, counts: counts(1) },
  ]);
});

test('a queue that never answered is lost at once', async () => {
  const { views } = await play([down, down, counts(2)]);
  expect(views).toMatchObject([{ known: false, since: 0 }, { known: true }]);
});

test('a held call that breaks off after long is no lost queue', async () => {
  const { asked, views } = await play([counts(1), down, counts(1)], [0, 20_000]);
  expect(views).toMatchObject([{ known: true }]);
  expect(asked.map(({ at }) => at)).toEqual([0, 1000, 22_000]);
});

test('a queue that is away is asked once a second, so that its return is seen within one', async () => {
  const { asked } = await play([counts(1), ...Array<Error>(20).fill(down), counts(2)]);
  expect(asked.map(({ at }) => at)).toEqual(Array.from({ length: 22 }, (_, second) => second * 1000));
});

test('a token that is refused is told at once', async () => {
  const { views } = await play([counts(1), new TokenRefusedError('who are you?'), counts(1)]);
  expect(views).toMatchObject([
    { known: true },
    { known: false, error: 'who are you?' },
    { known: true, counts: counts(1) },
  ]);
});

test('a clock that goes back by an hour while the queue is asked does not hold the next question up', async () => {
  const { asked } = await play([counts(1), counts(2), counts(3)], [0, -3_600_000]);
  expect(asked.map(({ at }) => at)).toEqual([0, 1000, -3_598_000]);
});
