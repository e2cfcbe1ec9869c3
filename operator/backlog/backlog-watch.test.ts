import { expect, test } from '@jest/globals';
import { BacklogWatch } from './backlog-watch.ts';
import type { QueueCounts, QueueProbe } from './queue-probe.ts';

/** Plays answers of a queue against a watch with a clock that only its waits move; ends it after the last. */
async function play(answers: (QueueCounts | Error)[]) {
  let now = 0;
  const asked: { at: number; known: QueueCounts | undefined }[] = [];
  const views: unknown[] = [];
  const probe: QueueProbe = {
    read(known) {
      asked.push({ at: now, known });
      const answer = answers[asked.length - 1];
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
  const { views } = await play([counts(1), down, counts(1), down, down, down, down, down, counts(1)]);
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
