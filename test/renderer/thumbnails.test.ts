import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { takeScreenshot } from '../../renderer/print/chromium/screenshot.ts';
import { createComposer } from '../../renderer/compose/compose.ts';
import { loadRendererConfig } from '../../renderer/config.ts';
import { openSources } from '../../renderer/sources.ts';
import { Thumbnails } from '../../renderer/compose/thumbnails.ts';

jest.setTimeout(120_000);

describe('thumbnails taken by a browser', () => {
  let own: string;
  let thumbnails: Thumbnails;
  const pages = {
    portrait: '<h1>Kia ora</h1>',
    drawn:
      '<canvas></canvas><script>document.querySelector("canvas").outerHTML = "<h1>Kia ora</h1>"</script>',
    landscape: '<h1>Kia ora</h1>',
  };

  beforeAll(async () => {
    own = await mkdtemp(join(tmpdir(), 'thumbnails-'));
    for (const [slug, page] of Object.entries(pages)) {
      const manifest = { name: 'Same', landscape: slug === 'landscape', javascript: slug === 'drawn' };
      await mkdir(join(own, 'resources', slug), { recursive: true });
      await writeFile(join(own, 'resources', slug, 'resource.json'), JSON.stringify(manifest));
      await writeFile(join(own, 'resources', slug, 'page.hbs'), page);
    }
    const config = loadRendererConfig({ PATH: process.env.PATH, STATIC_DIRECTORY: own });
    const { chromium, staticDirectories } = config;
    const sources = openSources(config);
    const options = { chromium, staticDirectories, files: sources.files, logger: pino({ level: 'silent' }) };
    thumbnails = new Thumbnails({
      ...{ ...sources, compose: createComposer(sources) },
      screenshot: (document, size) => takeScreenshot(document, size, options),
    });
  });
  afterAll(() => rm(own, { recursive: true }));

  const take = async (slug: string) => {
    const picture = await thumbnails.of(slug);
    expect(picture?.contentType).toBe('image/webp');
    return sizeOf(picture?.body ?? Buffer.alloc(0));
  };

  test('show the page in its orientation, also when several are requested at once', async () => {
    const [portrait, landscape, again] = await Promise.all(['portrait', 'landscape', 'portrait'].map(take));
    expect(portrait).toEqual({ width: 255, height: 360 });
    expect(landscape).toEqual({ width: 360, height: 255 });
    expect(again).toEqual(portrait);
  });

  test('show what scripts draw', async () => {
    const [drawn, written] = await Promise.all([thumbnails.of('drawn'), thumbnails.of('portrait')]);
    expect(drawn?.body.equals(written?.body ?? Buffer.alloc(0))).toBe(true);
  });

  test('are part of the built-in resources', async () => {
    for (const slug of ['grid', 'treasure-hunt']) {
      expect(Math.max(...Object.values(await take(slug)))).toBe(360);
    }
  });
});

/** Width and height of a WebP picture in the extended format (RFC 9649, section 2.7). */
function sizeOf(webp: Buffer): { width: number; height: number } {
  expect(webp.toString('latin1', 0, 4) + webp.toString('latin1', 8, 16)).toBe('RIFFWEBPVP8X');
  return { width: webp.readUIntLE(24, 3) + 1, height: webp.readUIntLE(27, 3) + 1 };
}
