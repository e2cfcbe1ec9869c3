import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { documentPayload, failurePayload, linkPayload } from '../renderer/worker/result.ts';
import type { Task } from '../queue/wire/contract.ts';
import { readResult, saveResult, writePdf } from './save.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderfleet-save-'));
});
afterEach(() => rm(folder, { recursive: true }));

const pdf = Buffer.from('%PDF-1.4');
const never = new AbortController().signal;
const result = (payload: string) => ({ payloadBase64: Buffer.from(payload).toString('base64') }) as Task;

test('a document is saved under its own name, in a folder that is created', async () => {
  const output = join(folder, 'new', 'out');
  const saved = await saveResult(result(documentPayload({ filename: 'Grid (a4).pdf', pdf })), output, never);
  expect(saved).toEqual({ path: join(output, 'Grid (a4).pdf'), bytes: pdf.length });
  expect(await readFile(join(output, 'Grid (a4).pdf'))).toEqual(pdf);
});

test.each(['/proc/nowhere/out', '/dev/null/out'])(
  'a folder that cannot be created is an error: %s',
  async (output) => {
    await expect(writePdf(output, 'a.pdf', pdf)).rejects.toThrow(/ENOENT|ENOTDIR/);
  },
);

test('a name that is taken gets a number, and nothing is overwritten', async () => {
  const others = ['one', 'two', 'three'].map((text) => Buffer.from(text));
  for (const other of others) await writePdf(folder, 'a.pdf', other);
  expect((await readdir(folder)).sort()).toEqual(['a 2.pdf', 'a 3.pdf', 'a.pdf']);
  expect(await readFile(join(folder, 'a.pdf'), 'utf8')).toBe('one');
});

test('an output that ends in .pdf is the file itself', async () => {
  const output = join(folder, 'mine.pdf');
  expect(await writePdf(output, 'ignored.pdf', pdf)).toBe(output);
});

test('a name from the queue cannot lead out of the folder', async () => {
  const saved = await saveResult(result(documentPayload({ filename: '../../evil.pdf', pdf })), folder, never);
  expect(saved).toMatchObject({ path: join(folder, 'evil.pdf') });
});

test('a linked document is fetched', async () => {
  const source = join(folder, 'big one.pdf');
  await writeFile(source, pdf);
  const output = join(folder, 'out');
  const saved = await saveResult(result(linkPayload(pathToFileURL(source).href)), output, never);
  expect(saved).toEqual({ path: join(output, 'big one.pdf'), bytes: pdf.length });
});

test('a failed task is told, and nothing is written', async () => {
  expect(await saveResult(result(failurePayload('page loops')), folder, never)).toEqual({
    error: 'page loops',
  });
  expect(await readdir(folder)).toEqual([]);
});

const task = (payload: string) => ({ payloadBase64: Buffer.from(payload).toString('base64') });

test('what the renderer writes is read back', () => {
  const pdf = Buffer.from('%PDF-1.4');
  expect(readResult(task(documentPayload({ filename: 'Grid (a4).pdf', pdf })))).toEqual({
    kind: 'document',
    filename: 'Grid (a4).pdf',
    pdf,
  });
  expect(readResult(task(linkPayload('https://example.org/a.pdf')))).toEqual({
    kind: 'link',
    url: new URL('https://example.org/a.pdf'),
  });
  expect(readResult(task(failurePayload('no')))).toEqual({ kind: 'failure', error: 'no' });
});

test('a failure reported by an older renderer has no reason', () => {
  const payload = '{"kind":"result#document","success":false,"filename":null,"document":null}';
  expect(readResult(task(payload))).toEqual({
    kind: 'failure',
    error: 'The task failed; no reason was given.',
  });
});

test.each(['', 'nonsense', '{}', '{"kind":"task#render"}', '{"kind":"result#document","success":true}'])(
  'a payload that is not a result is a failure that says so: %j',
  (payload) => {
    expect(readResult(task(payload))).toEqual({ kind: 'failure', error: 'The task is not a result.' });
  },
);
