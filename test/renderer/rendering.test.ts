import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { PDFDocument } from '@cantoo/pdf-lib';
import { resultIdOf } from '../../queue/wire/render.ts';
import { QueueProcess } from './support/queue.ts';
import { startRendererProcess, type RendererProcess } from './support/renderer-process.ts';
import { browsersOf } from './support/processes.ts';
import { until } from './support/until.ts';

jest.setTimeout(120_000);

describe('a renderer at the queue', () => {
  let queue: QueueProcess;
  let renderer: RendererProcess;
  let documents: string;

  beforeAll(async () => {
    queue = await QueueProcess.start();
    documents = await mkdtemp(join(tmpdir(), 'documents-'));
    renderer = await startRendererProcess({
      ...queue.environment,
      DAEMONS: '2',
      TASK_COUNT: '20',
      TASK_SECONDS: '6',
      TASK_TIME_MULT: '0',
      TASK_RETRY_LIMIT: '3',
      MAX_QUEUE_TASK_SIZE: '40000',
      BUCKET_SAVE_DIRECTORY: documents,
    });
  });
  afterAll(async () => {
    const code = await renderer.end('SIGTERM');
    await queue.stop();
    await rm(documents, { recursive: true });
    expect({ code, log: code === 0 ? '' : renderer.log() }).toEqual({ code: 0, log: '' });
  });

  test('replaces a task by its document, with the requested number of copies', async () => {
    await queue.add('one', { body: 'Sums', repeat: 3 });
    const { document, ...result } = await queue.result('one');
    expect(result).toEqual({ kind: 'result#document', success: true, filename: 'test.pdf' });
    expect((await PDFDocument.load(Buffer.from(document ?? '', 'base64'))).getPageCount()).toBe(3);
  });

  test('gives the same bytes for the same task', async () => {
    await queue.add('same-1', { body: '<table><tr><td>1<td>2</table>' });
    await queue.add('same-2', { body: '<table><tr><td>1<td>2</table>' });
    expect((await queue.result('same-1')).document).toBe((await queue.result('same-2')).document);
  });

  test('answers a malformed task at once with what is wrong', async () => {
    await queue.client.insert({ id: 'no-json', tag: 'task', payload: '{"body"' });
    await queue.add('wrong', { repeat: 0 });
    const failure = { kind: 'result#document', success: false, filename: null, document: null };
    const tried = await renderer.count('retry');
    expect(await queue.result('no-json')).toEqual({ ...failure, error: expect.stringContaining('not JSON') });
    expect(await queue.result('wrong')).toEqual({ ...failure, error: expect.stringContaining('repeat') });
    expect(await renderer.count('retry')).toBe(tried);
  });

  test('retries a task that fails as often as allowed, then reports why', async () => {
    const tried = await renderer.count('retry');
    await queue.add('unlucky', { fail: 'The art is missing.' });
    const { success, error } = await queue.result('unlucky');
    expect(success).toBe(false);
    expect(error).toBe('Rendering failed after 3 attempts: The art is missing.');
    expect(await renderer.count('retry')).toBe(tried + 2);
  });

  test('ends a page in an endless loop at its time limit, and continues', async () => {
    await queue.add('loop', { body: '<script>for(;;);</script>', javascript: true });
    await queue.add('patient', { body: 'hello' });
    expect((await queue.result('patient')).success).toBe(true);
    expect((await queue.result('loop')).error).toContain('Rendering took longer than 6 s.');
    await queue.add('next', { body: 'hello' });
    expect((await queue.result('next')).success).toBe(true);
  });

  test('retries only the current task when a browser is killed', async () => {
    const body = '<script>for (const end = Date.now() + 1500; Date.now() < end;);</script>later';
    await until('both browsers are up', () => browsersOf(renderer.pid).length === 2);
    const [tried, rendered] = [await renderer.count('retry'), await renderer.count('document')];
    await queue.add('victim', { body, javascript: true });
    const daemon = await until('it has started', async () =>
      (await renderer.status()).daemons.find(({ task }) => task === 'victim'),
    );
    expect(daemon.state).toBe('rendering');
    const killedAt = Date.now();
    for (const { pid } of browsersOf(renderer.pid)) process.kill(pid, 'SIGKILL');
    await until('it is noticed', async () => (await renderer.count('retry')) === tried + 1);
    // Half of the task's time limit, at which it would be noticed anyway.
    expect(Date.now() - killedAt).toBeLessThan(3000);
    expect((await queue.result('victim')).success).toBe(true);
    expect(await renderer.count('retry')).toBe(tried + 1);
    expect(await renderer.count('document')).toBe(rendered + 1);
  });

  test('saves a document that is too large for the queue, and links to it', async () => {
    const body = Array.from({ length: 9000 }, (_, i) => `<i>${Math.sin(i)}</i> `).join('');
    await queue.add('large', { body });
    const result = await queue.result('large');
    expect(result).toEqual({
      kind: 'result#link',
      success: true,
      url: expect.stringMatching(/^file:.*\.pdf$/),
    });
    const pdf = await readFile(fileURLToPath(result.url ?? ''));
    expect((await PDFDocument.load(pdf)).getPageCount()).toBeGreaterThan(5);
  });

  test('inserts one result only, even if the task was rendered before', async () => {
    const payload = JSON.stringify({
      kind: 'result#document',
      success: true,
      filename: 'first.pdf',
      document: '',
    });
    await queue.client.insert({ id: resultIdOf('twice'), tag: 'result', payload });
    await queue.add('twice', {});
    await until('the task is gone', async () => (await queue.find('twice')) === undefined);
    expect((await queue.result('twice')).filename).toBe('first.pdf');
  });

  test('inserts no result for a task that was deleted meanwhile', async () => {
    const lost = await renderer.count('lost');
    await queue.add('cancelled', { seconds: 1.5 });
    await until('it has started', async () => (await renderer.status()).held === 1);
    await queue.client.delete('cancelled');
    await until('it is dropped', async () => (await renderer.count('lost')) === lost + 1);
    expect(await queue.find(resultIdOf('cancelled'))).toBeUndefined();
  });

  test('survives a queue that is interrupted', async () => {
    await queue.add('patient-2', { seconds: 1 });
    await until('it has started', async () => (await renderer.status()).held === 1);
    await queue.interrupt();
    await until('it is noticed', async () => (await fetch(`${renderer.url}/readyz`)).status === 503);
    expect((await fetch(`${renderer.url}/livez`)).status).toBe(200);
    await queue.resume();
    expect((await queue.result('patient-2')).success).toBe(true);
    await until('it is ready', async () => (await fetch(`${renderer.url}/readyz`)).status === 200);
  });
});
