import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { worksheets } from '../../catalogues/worksheets/worksheets.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import { createComposer } from '../compose/compose.ts';
import { StaticFiles } from '../catalogue/static-files.ts';
import { Thumbnails } from '../compose/thumbnails.ts';
import type { PrintableDocument } from '../print/document.ts';
import { catalogueRoutes } from './catalogue.ts';

const builtIn = join(import.meta.dirname, '../../static');
const bingo = {
  name: 'Bingo',
  description: 'A card.',
  options: { properties: { size: { type: 'integer', minimum: 2 } } },
};

let own: string;
let app: FastifyInstance;
let shown: PrintableDocument[];
let failing: boolean;
const write = async (path: string, content: string): Promise<void> => {
  await mkdir(dirname(join(own, path)), { recursive: true });
  await writeFile(join(own, path), content);
};
const get = (url: string) => app.inject({ url });

beforeEach(async () => {
  own = await mkdtemp(join(tmpdir(), 'catalogue-routes-'));
  await write('resources/bingo/resource.json', JSON.stringify(bingo));
  await write('resources/bingo/page.hbs', 'bingo {{size}}');
  await write('resources/broken/resource.json', '{');
  await write('resources/broken/page.hbs', '');
  const files = new StaticFiles({ directories: [own, builtIn], cacheBytes: 2 ** 24 });
  const templates = new StaticFiles({ directories: [join(builtIn, 'templates')], cacheBytes: 2 ** 20 });
  const catalogue = new Catalogue(files, worksheets);
  const compose = createComposer({ catalogue, files, templates });
  [shown, failing] = [[], false];
  const screenshot = (document: PrintableDocument) => {
    shown.push(document);
    return failing ? Promise.reject(new Error('no browser')) : Promise.resolve(Buffer.from('a picture'));
  };
  app = fastify();
  await app.register(catalogueRoutes, {
    catalogue,
    thumbnails: new Thumbnails({ catalogue, files, compose, screenshot }),
  });
});
afterEach(async () => {
  await app.close();
  await rm(own, { recursive: true });
});

describe('GET /catalogue', () => {
  test('lists every resource with its options as JSON Schema and its thumbnail', async () => {
    const { resources } = (await get('/catalogue')).json<{ resources: { slug: string }[] }>();
    const bySlug = Object.fromEntries(resources.map((resource) => [resource.slug, resource]));
    expect(bySlug.bingo).toEqual({
      slug: 'bingo',
      name: 'Bingo',
      description: 'A card.',
      language: 'en',
      options: bingo.options,
      thumbnail: '/catalogue/bingo/thumbnail',
    });
    expect(bySlug['binary-cards-small']).toMatchObject({
      name: 'Binary Cards (small)',
      options: {
        type: 'object',
        properties: { number_bits: { enum: [4, 8, 12] } },
        required: ['number_bits', 'dot_counts', 'black_back'],
      },
    });
    expect(bySlug.broken).toEqual({ slug: 'broken', fault: expect.stringContaining('malformed') });
  });

  test('links to each thumbnail', async () => {
    const { thumbnail } = (await get('/catalogue/bingo')).json<{ thumbnail: string }>();
    expect((await get(thumbnail)).statusCode).toBe(200);
  });

  test.each(['/catalogue/gird', '/catalogue/gird/thumbnail', '/catalogue/..%2Fcss/thumbnail'])(
    '%s does not exist',
    async (url) => {
      const answer = await get(url);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({
        reasons: [expect.stringContaining(decodeURIComponent(url.split('/')[2] ?? ''))],
      });
    },
  );
});

describe('the thumbnail of a resource', () => {
  test("shows a user's resource with its usual options, and is taken once", async () => {
    for (let time = 0; time < 3; time++) {
      const answer = await get('/catalogue/bingo/thumbnail');
      expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
        200,
        'image/webp',
        'a picture',
      ]);
    }
    expect(shown.map(({ html }) => /bingo \d+/.exec(html)?.[0])).toEqual(['bingo 2']);
  });

  test('is taken again when the drawing has changed', async () => {
    await get('/catalogue/bingo/thumbnail');
    await write('resources/bingo/page.hbs', 'changed content');
    await get('/catalogue/bingo/thumbnail');
    expect(shown).toHaveLength(2);
  });

  test('is the picture in its folder, if there is one; it runs no scripts', async () => {
    await write('resources/bingo/thumbnail.svg', '<svg/>');
    const answer = await get('/catalogue/bingo/thumbnail');
    expect(answer.headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    expect(answer.body).toBe('<svg/>');
    expect(shown).toHaveLength(0);
  });

  test('is tried again after a failure', async () => {
    failing = true;
    expect((await get('/catalogue/bingo/thumbnail')).statusCode).toBe(500);
    failing = false;
    expect((await get('/catalogue/bingo/thumbnail')).statusCode).toBe(200);
  });

  test('of a malformed resource is refused with the reason', async () => {
    const answer = await get('/catalogue/broken/thumbnail');
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ reasons: [expect.stringContaining('malformed')] });
  });
});
