import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { PDFDocument } from '@cantoo/pdf-lib';
import { pino } from 'pino';
import { ChromiumLauncher } from '../../renderer/print/chromium/launcher.ts';
import { ChromiumPrinter } from '../../renderer/print/chromium/printer.ts';
import { loadRendererConfig } from '../../renderer/config.ts';
import { STATIC_ORIGIN, type PrintableDocument } from '../../renderer/print/document.ts';
import { normalisePdf } from '../../renderer/print/pdf/finish.ts';
import { describeWith } from '../harness/describe-with.ts';
import { browsersOf, descendants, isAlive } from './support/processes.ts';
import { until } from './support/until.ts';

jest.setTimeout(60_000);
const never = new AbortController().signal;
const page = (body: string, more: Partial<PrintableDocument> = {}): PrintableDocument => ({
  html: `<!doctype html><meta charset="utf-8"><title>Page</title><style>@page{size:A4}</style><body>${body}`,
  filename: 'page.pdf',
  javascript: false,
  repeat: 1,
  language: 'en',
  tagged: false,
  ...more,
});

const renderersOf = (browser: number) =>
  descendants(browser).filter(({ command }) => command.includes('--type=renderer'));

const SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>';

describe('printing with Chromium', () => {
  const read: string[] = [];
  const refused: string[] = [];
  let launcher: ChromiumLauncher;
  let printer: ChromiumPrinter;
  let folder: string;
  let starts = 0;
  let now = 0;

  const newPrinter = (limits = { recycleTasks: 1000, recycleBytes: Infinity }) =>
    new ChromiumPrinter({
      launch: () => launcher.launch(),
      limits,
      files: {
        read(path) {
          read.push(path);
          const found =
            path === 'art/square.svg'
              ? { body: Buffer.from(SQUARE), contentType: 'image/svg+xml' }
              : undefined;
          return Promise.resolve(found);
        },
      },
      clock: () => now,
      logger: pino({ level: 'warn' }, { write: (line: string) => refused.push(line) }),
      onStart: () => (starts += 1),
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chromium-test-'));
    const { chromium, staticDirectories } = loadRendererConfig();
    const config = { ...chromium, temporaryDirectory: folder };
    launcher = await ChromiumLauncher.create(config, {
      staticDirectories,
      logger: pino({ level: 'silent' }),
    });
    printer = newPrinter();
    await printer.start();
  });
  afterAll(async () => {
    await printer.close();
    await launcher.close();
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test('gives the same bytes for the same document, whichever browser prints it and whatever it printed before', async () => {
    const other = newPrinter();
    for (const tagged of [false, true]) {
      const document = page('<h1>Sums</h1><table><tr><td>1<td>2</table><a href="#x">x</a><p id="x">end', {
        tagged,
      });
      const first = normalisePdf(await printer.print(document, never));
      await printer.print(page('<p>something else</p>'), never);
      const again = normalisePdf(await printer.print(document, never));
      expect(again.equals(first)).toBe(true);
      expect(normalisePdf(await other.print(document, never)).equals(first)).toBe(true);
    }
    await other.close();
  });

  test('prints each sheet on a page of the size that the document sets', async () => {
    const html = '<style>@page{size:letter landscape}</style><p>1<p style="break-before:page">2';
    const pdf = await PDFDocument.load(await printer.print(page(html), never));
    expect(pdf.getPages().map((sheet) => sheet.getSize())).toEqual(
      Array(2).fill({ width: 792, height: 612 }),
    );
  });

  test('fetches only static files, and prints the document without the rest', async () => {
    read.length = refused.length = 0;
    const html = [
      `<img src="${STATIC_ORIGIN}/art/square.svg"><img src="art/missing.svg">`,
      '<img src="http://127.0.0.1:1/a.png"><img src="https://example.org/b.png"><img src="//192.0.2.1/c.png">',
      '<img src="file:///etc/hostname"><iframe src="file:///etc/hostname"></iframe>',
      `<img src="${STATIC_ORIGIN}/../../etc/passwd"><img src="${STATIC_ORIGIN}/%2e%2e%2fetc%2fpasswd">`,
      '<meta http-equiv="refresh" content="0;url=http://example.org/d"><link rel=stylesheet href="http://e.org/e.css">',
      '<iframe sandbox srcdoc="<img src=http://example.org/f.png>"></iframe><object data="http://g.org"></object>',
    ].join('');
    const start = performance.now();
    const pdf = await printer.print(page(`${html}<p>still here`), never);
    expect(performance.now() - start).toBeLessThan(4000);
    expect(pdf.length).toBeGreaterThan(1000);
    expect(read).toContain('art/square.svg');
    expect(refused.join()).toContain('https://example.org/b.png');
    expect(read.every((path) => !path.includes('hostname'))).toBe(true);
  });

  test('runs scripts only if the document asks for it, and keeps none of their state', async () => {
    const script =
      '<p id=p>none</p><script>p.textContent = [window.seen, localStorage.seen, document.cookie].join("-");' +
      'window.seen = localStorage.seen = 1; document.cookie = "seen=1"; p.style.breakBefore = "page";' +
      'requestAnimationFrame(() => document.body.append("late"))</script>';
    const pages = async (more: Partial<PrintableDocument>) =>
      (await PDFDocument.load(await printer.print(page(`first${script}`, more), never))).getPageCount();
    expect(await pages({})).toBe(1);
    expect(await pages({ javascript: true })).toBe(2);
    const again = async () => normalisePdf(await printer.print(page(script, { javascript: true }), never));
    expect((await again()).equals(await again())).toBe(true);
  });

  test.each(['location.reload()', `location.href = '${STATIC_ORIGIN}/art/square.svg'`])(
    'a page whose script says %s stays, and its browser too',
    async (script) => {
      const before = starts;
      const body = `text<script>addEventListener('load', () => { ${script}; })</script>`;
      const pdf = await printer.print(page(body, { javascript: true }), never);
      expect((await PDFDocument.load(pdf)).getPageCount()).toBe(1);
      expect(refused.join()).toContain('would navigate away from the document');
      expect(starts).toBe(before);
    },
  );

  test('a page in an endless loop is ended by its signal, and so is its browser', async () => {
    const looping = newPrinter();
    await looping.start();
    const before = browsersOf(process.pid).map(({ pid }) => pid);
    const limit = AbortSignal.timeout(1500);
    await expect(
      looping.print(page('<script>for(;;);</script>', { javascript: true }), limit),
    ).rejects.toThrow('timeout');
    const gone = before.filter((pid) => !isAlive(pid));
    expect(gone).toHaveLength(1);
    expect((await looping.print(page('again'), never)).length).toBeGreaterThan(500);
    await looping.close();
  });

  test.each([
    ['the browser', (pid: number) => pid],
    ['the page', (pid: number) => renderersOf(pid).at(-1)?.pid ?? 0],
  ])('a crash of %s is noticed within a second, and the next document printed', async (_what, victimOf) => {
    const known = new Set(browsersOf(process.pid).map(({ pid }) => pid));
    const crashing = newPrinter();
    await crashing.start();
    const browser = browsersOf(process.pid).find(({ pid }) => !known.has(pid))?.pid ?? 0;
    const loop = page('<script>for(;;);</script>', { javascript: true });
    const failure = crashing.print(loop, never).then(
      () => undefined,
      (error: unknown) => ({ reason: String(error), at: performance.now() }),
    );
    await until('the page runs', () => renderersOf(browser).length > 1);
    const killedAt = performance.now();
    process.kill(victimOf(browser), 'SIGKILL');
    const failed = await failure;
    expect(failed?.reason).toMatch(/exited|crashed|closed/i);
    expect(failed?.at).toBeLessThan(killedAt + 1000);
    expect((await crashing.print(page('again'), never)).length).toBeGreaterThan(500);
    await crashing.close();
  });

  test('a browser is replaced after a number of documents, or when it uses too much memory', async () => {
    for (const [limits, expected] of [
      [{ recycleTasks: 5, recycleBytes: Infinity }, 5],
      [{ recycleTasks: 1000, recycleBytes: 1 }, 2],
    ] as const) {
      const worn = newPrinter(limits);
      starts = 0;
      for (let i = 0; i < 21; i++) {
        await worn.print(page(`${i}`), never);
        now += 300;
      }
      expect(starts).toBe(expected);
      await worn.close();
    }
  });

  test('closing leaves no process', async () => {
    const known = new Set(descendants(process.pid).map(({ pid }) => pid));
    const closing = newPrinter();
    await closing.start();
    const started = descendants(process.pid).filter(({ pid }) => !known.has(pid));
    expect(started.length).toBeGreaterThan(1);
    await closing.close();
    await until('all have exited', () => started.every(({ pid }) => !isAlive(pid)));
  });

  describeWith(['poppler'], 'according to pdftotext', () => {
    test('no text of a local file appears in a document', async () => {
      const html =
        '<iframe src="file:///etc/passwd" width=500 height=500></iframe><object data="file:///etc/passwd"></object>own';
      const pdf = await printer.print(page(html), never);
      const { stdout } = spawnSync('pdftotext', ['-', '-'], { input: pdf });
      expect(stdout.toString()).toContain('own');
      expect(stdout.toString()).not.toContain('root');
    });
  });
});
