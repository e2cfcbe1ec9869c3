import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { QueueProcess } from './support/queue.ts';
import { startRendererProcess, type RendererProcess } from './support/renderer-process.ts';
import { descendants, isAlive } from './support/processes.ts';
import { until } from './support/until.ts';

jest.setTimeout(120_000);

/** What detecting the expiry, starting another renderer and rendering may take on a busy machine. */
const SLACK_MILLISECONDS = 20_000;

describe('a renderer that ends while rendering', () => {
  let queue: QueueProcess;
  const running: RendererProcess[] = [];

  const start = async (environment: Record<string, string> = {}) => {
    const own = { DAEMONS: '1', LEASE_WAIT_SECONDS: '1', RENDER_SLEEP_TIME: '0.2', ...environment };
    const renderer = await startRendererProcess({ ...queue.environment, ...own });
    running.push(renderer);
    return renderer;
  };
  const started = (renderer: RendererProcess, task: string) =>
    until(`${task} has started`, async () =>
      (await renderer.status()).daemons.some((daemon) => daemon.task === task),
    );

  beforeEach(async () => {
    queue = await QueueProcess.start();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((renderer) => renderer.end('SIGKILL')));
    await queue.stop();
  });

  test('on SIGTERM finishes what fits in the grace period', async () => {
    const renderer = await start({ GRACE_SECONDS: '20' });
    await queue.add('short', { seconds: 1.5 });
    await started(renderer, 'short');
    const browser = descendants(renderer.pid);
    expect(await renderer.end('SIGTERM')).toBe(0);
    expect((await queue.result('short')).success).toBe(true);
    await until('no process is left', () => browser.every(({ pid }) => !isAlive(pid)));
  });

  test('on SIGTERM releases at once what does not fit, and all that has not started', async () => {
    const renderer = await start({ GRACE_SECONDS: '1' });
    await Promise.all(Array.from({ length: 40 }, (_, i) => queue.add(`quick-${i}`, {})));
    await until('durations are known', async () => (await renderer.count('document')) === 40);
    await queue.add('endless', { body: '<script>for(;;);</script>', javascript: true });
    await Promise.all(Array.from({ length: 6 }, (_, i) => queue.add(`later-${i}`, {})));
    await started(renderer, 'endless');
    expect(await renderer.end('SIGTERM')).toBe(0);
    const back = await queue.client.lease({ numTasks: 100, leaseSecs: 60, tag: 'task' });
    expect(back).toHaveLength(7);
    expect(back.find(({ id }) => id === 'endless')?.retry_count).toBe(2);
  });

  test('on SIGTERM stops in time although the queue does not answer', async () => {
    const renderer = await start({
      GRACE_SECONDS: '1',
      LEASE_WAIT_SECONDS: '20',
      DAEMONS: '2',
      LOG_LEVEL: 'warn',
    });
    await queue.add('stuck', { seconds: 60 });
    await started(renderer, 'stuck');
    queue.freeze();
    const browser = descendants(renderer.pid);
    expect(await renderer.end('SIGTERM')).toBe(0);
    expect(renderer.log()).toContain('did not stop in time');
    await until('no process is left', () => browser.every(({ pid }) => !isAlive(pid)));
  });

  test('on kill -9 leaves no browser, and another renders the task within a minute', async () => {
    const killed = await start();
    await queue.add('taken-over', { seconds: 1.5 });
    await started(killed, 'taken-over');
    const browser = descendants(killed.pid);
    expect(browser.length).toBeGreaterThan(1);
    await killed.end('SIGKILL');
    const killedAt = performance.now();
    const other = await start();
    expect((await queue.result('taken-over', 100_000)).success).toBe(true);
    expect(performance.now() - killedAt).toBeLessThan(60_000 + SLACK_MILLISECONDS);
    expect(await other.count('document')).toBe(1);
    await until('no process is left', () => browser.every(({ pid }) => !isAlive(pid)));
  });

  test('keeps a task that takes longer than its lease', async () => {
    const environment = { TEST_LEASE_SECONDS: '2', TASK_SECONDS: '2', TASK_TIME_MULT: '5' };
    const [renderer, other] = [await start(environment), await start(environment)];
    await queue.add('late', { seconds: 5 });
    expect((await queue.result('late')).success).toBe(true);
    const counts = await Promise.all([renderer, other].map((each) => each.count('document')));
    expect(counts.sort()).toEqual([0, 1]);
    const retries = await Promise.all([renderer, other].map((each) => each.count('retry')));
    expect(retries.sort()).toEqual([0, 1]);
  });
});

describe('two renderers at one queue', () => {
  test('share a handful of slow tasks, however quick the last ones were', async () => {
    const queue = await QueueProcess.start();
    const environment = { ...queue.environment, DAEMONS: '1', LEASE_WAIT_SECONDS: '1' };
    const both = await Promise.all([startRendererProcess(environment), startRendererProcess(environment)]);
    try {
      await Promise.all(Array.from({ length: 60 }, (_, i) => queue.add(`quick-${i}`, {})));
      await until('the quick ones are done', async () => {
        const counts = await Promise.all(both.map((renderer) => renderer.count('document')));
        return counts.reduce((sum, count) => sum + count) === 60;
      });
      const before = await Promise.all(both.map((renderer) => renderer.count('document')));
      await Promise.all(Array.from({ length: 6 }, (_, i) => queue.add(`slow-${i}`, { seconds: 5 })));
      const start = performance.now();
      for (let i = 0; i < 6; i++) expect((await queue.result(`slow-${i}`)).success).toBe(true);
      const seconds = (performance.now() - start) / 1000;
      const after = await Promise.all(both.map((renderer) => renderer.count('document')));
      expect(after.map((count, i) => count - (before[i] ?? 0))).toEqual([3, 3]);
      // One renderer alone would take 30 s.
      expect(seconds).toBeLessThan(25);
    } finally {
      await Promise.all(both.map((renderer) => renderer.end('SIGTERM')));
      await queue.stop();
    }
  }, 120_000);
});
