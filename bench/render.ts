import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { findChromium } from '../renderer/print/chromium/find.ts';
import { writeFontConfiguration } from '../renderer/print/chromium/fonts.ts';
import { loadRendererConfig } from '../renderer/config.ts';
import { resultIdOf } from '../queue/wire/render.ts';
import { renderedBy, Services } from './renderer/services.ts';
import { htmlOf, staticDirectories, taskOf } from './renderer/workload.ts';
import { median } from './support/figures.ts';

const ROUNDS = 5;
const SECONDS = 3;
/** Reading metrics takes time from the renderer. */
const POLL_MILLISECONDS = 400;
const DAEMONS = availableParallelism();
/** Puppeteer's fastest options that leave nothing out of the document. */
const PDF_OPTIONS = { printBackground: true, preferCSSPageSize: true, tagged: false, waitForFonts: false };

/**
 * PDFs per second from task to stored result, compared with puppeteer in a loop on the same HTML with as many browsers, once
 * with a reused page and once with a fresh context for each document. The three take turns and are compared round by round,
 * so that other load of the machine affects them equally.
 */
export async function run(): Promise<void> {
  const fonts = await mkdtemp(join(tmpdir(), 'bench-fonts-'));
  const { path } = await findChromium(loadRendererConfig().chromium);
  const fontConfiguration = await writeFontConfiguration(staticDirectories, fonts);
  const browsers = await Promise.all(
    Array.from({ length: DAEMONS }, () =>
      puppeteer.launch({
        executablePath: path,
        args: ['--no-sandbox'],
        env: { ...process.env, FONTCONFIG_FILE: fontConfiguration },
      }),
    ),
  );
  await using services = await Services.start();
  console.log(`${DAEMONS} browsers, queue over HTTP on ${services.store}, medians of ${ROUNDS} rounds`);
  console.log(
    'end to end: tasks inserted, leased, composed, printed, made compact, results inserted, tasks deleted',
  );
  console.log(
    'bare loop: puppeteer, setContent and pdf of the same HTML on a reused page, untagged, not saved\n',
  );
  await coldStart(services);
  const { url } = await services.startRenderer({ DAEMONS: String(DAEMONS) });
  for (const slug of ['table', 'grid']) await compare(slug, { services, url, browsers });
  await Promise.all(browsers.map((browser) => browser.close()));
  await rm(fonts, { recursive: true });
}

async function compare(
  slug: string,
  { services, url, browsers }: { services: Services; url: string; browsers: Browser[] },
): Promise<void> {
  const html = await htmlOf(slug);
  const pages = await Promise.all(browsers.map((browser) => browser.newPage()));
  const sizes: number[] = [];
  const fleet = (tasks: number) => throughTheQueue(slug, tasks, { services, url });
  let expected = Math.ceil((await fleet(100)).rate * SECONDS);
  await looped(pages, (page) => print(page, html));

  const rates: Record<'fleet' | 'bare' | 'fresh', number[]> = { fleet: [], bare: [], fresh: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const { rate, documents } = await fleet(expected);
    rates.fleet.push(rate);
    sizes.push(...documents);
    expected = Math.ceil(rate * SECONDS);
    rates.bare.push(await looped(pages, (page) => print(page, html)));
    rates.fresh.push(await looped(browsers, (browser) => printAfresh(browser, html)));
  }
  const rate = (of: keyof typeof rates) => `${median(rates[of]).toFixed(1)} PDFs/s`;
  const ratio = (to: 'bare' | 'fresh') => {
    const ratios = rates.fleet.map((ours, round) => ours / (rates[to][round] ?? NaN));
    return `ratio ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
  };
  console.log(`${slug}, one page A4:`);
  console.log(`  end to end            ${rate('fleet')}, ${median(sizes)} bytes each`);
  console.log(`  bare loop             ${rate('bare')}: ${ratio('bare')}, aim 1.0`);
  console.log(`  fresh context each    ${rate('fresh')}: ${ratio('fresh')}\n`);
  await Promise.all(pages.map((page) => page.close()));
}

/** Tasks per second, from the first insert to the last result inserted, and the size of each document in bytes. */
async function throughTheQueue(
  slug: string,
  tasks: number,
  { services, url }: { services: Services; url: string },
): Promise<{ rate: number; documents: number[] }> {
  const payload = JSON.stringify(taskOf(slug));
  const goal = (await renderedBy(url)) + tasks;
  const start = Date.now();
  for (let inserted = 0; inserted < tasks; inserted += 20) {
    const batch = Math.min(20, tasks - inserted);
    await Promise.all(Array.from({ length: batch }, () => services.client.insert({ payload, tag: 'task' })));
  }
  while ((await renderedBy(url)) < goal) await sleep(POLL_MILLISECONDS);
  const { documents, lastAt } = await services.takeResults();
  return { rate: (tasks * 1000) / (lastAt - start), documents };
}

async function looped<T>(each: T[], work: (one: T) => Promise<unknown>): Promise<number> {
  let done = 0;
  const start = performance.now();
  const end = start + SECONDS * 1000;
  await Promise.all(
    each.map(async (one) => {
      while (performance.now() < end) {
        // On a busy machine puppeteer occasionally loses a page right after opening it; that one does not count.
        const printed = await work(one).then(
          () => 1,
          () => 0,
        );
        done += printed;
      }
    }),
  );
  return (done * 1000) / (performance.now() - start);
}

async function print(page: Page, html: string): Promise<void> {
  await page.setContent(html);
  await page.pdf(PDF_OPTIONS);
}

async function printAfresh(browser: Browser, html: string): Promise<void> {
  const context = await browser.createBrowserContext();
  await print(await context.newPage(), html);
  await context.close();
}

async function coldStart(services: Services): Promise<void> {
  const times: number[] = [];
  for (let time = 0; time < 3; time++) {
    const id = `cold-${time}`;
    await services.client.insert({ id, payload: JSON.stringify(taskOf('grid')), tag: 'task' });
    const start = performance.now();
    const { pid } = await services.startRenderer({ DAEMONS: '1' });
    while (!(await services.client.get(resultIdOf(id)).catch(() => undefined))) await sleep(5);
    times.push(performance.now() - start);
    process.kill(pid, 'SIGTERM');
  }
  console.log(`cold start to the first PDF in the queue: ${(median(times) / 1000).toFixed(2)} s\n`);
  await services.takeResults();
}
