import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { worksheets } from '../../catalogues/worksheets/worksheets.ts';
import { Catalogue } from './catalogue.ts';
import { createComposer, type Compose } from '../compose/compose.ts';
import { TaskError } from '../print/document.ts';
import { StaticFiles } from './static-files.ts';

const builtIn = join(import.meta.dirname, '../../static');
const manifest = {
  name: 'Bingo',
  language: 'mi',
  landscape: true,
  options: {
    type: 'object',
    properties: {
      size: { type: 'integer', minimum: 2, maximum: 9 },
      theme: { enum: ['animals', 'R&B'], default: 'animals' },
      free_square: { type: 'boolean' },
    },
    required: ['size'],
    additionalProperties: false,
  },
  subtitle: '{{size}} by {{size}} - {{theme}} - {{paper}}',
};
const page =
  '<table>{{#each (distinct (multiply size size) 1 99)}}<td>{{this}}</td>{{/each}}</table><img src="kiwi.png">{{header_text}}';
const task = {
  kind: 'task#render',
  resource_slug: 'bingo',
  resource_name: 'Bingo',
  resource_view: 'bingo',
  url: 'example.org',
  header_text: 'Room <7>',
  paper_size: 'a4',
  copies: 2,
  size: '3',
};

let own: string;
let compose: Compose;
let catalogue: Catalogue;
const write = async (path: string, content: unknown): Promise<void> => {
  await mkdir(dirname(join(own, path)), { recursive: true });
  await writeFile(join(own, path), typeof content === 'string' ? content : JSON.stringify(content));
};
const use = (directories: string[]): void => {
  const files = new StaticFiles({ directories, cacheBytes: 2 ** 20 });
  const templates = new StaticFiles({
    directories: [join(own, 'templates'), join(builtIn, 'templates')],
    cacheBytes: 2 ** 20,
  });
  catalogue = new Catalogue(files, worksheets);
  compose = createComposer({ catalogue, files, templates });
};

beforeEach(async () => {
  own = await mkdtemp(join(tmpdir(), 'resources-'));
  use([own, builtIn]);
  await write('resources/bingo/resource.json', manifest);
  await write('resources/bingo/page.hbs', page);
});
afterEach(() => rm(own, { recursive: true }));

describe("a user's resource", () => {
  test('is rendered like a built-in one', async () => {
    const document = await compose(task, 'seed');
    expect(document).toMatchObject({
      filename: 'Bingo (3 by 3 - animals - a4).pdf',
      javascript: false,
      repeat: 1,
    });
    expect(document.html).toContain('<html lang="mi">');
    expect(document.html).toContain('size: 297mm 210mm');
    expect(document.html).toContain('<base href="http://static.renderfleet.internal/resources/bingo/">');
    expect(document.html).toContain('<img src="kiwi.png">Room &lt;7&gt;');
    expect(document.html.match(/<td>/g)).toHaveLength(18);
    expect(await compose(task, 'seed')).toEqual(document);
    const [first, second] = document.html.split('<section').slice(1);
    expect(first).not.toBe(second);
  });

  test('whose subtitle uses a missing name fails the task, and says where', async () => {
    await write('resources/bingo/resource.json', { ...manifest, subtitle: '{{nothing}}' });
    await expect(compose(task, 'seed')).rejects.toThrow(TaskError);
    await expect(compose(task, 'seed')).rejects.toThrow(
      /bingo\/resource.json is malformed: subtitle: "nothing"/,
    );
  });

  test('does not treat text in its subtitle as markup', async () => {
    expect((await compose({ ...task, theme: 'r&b' }, 'seed')).filename).toBe('Bingo (3 by 3 - R&B - a4).pdf');
  });

  test.each([
    [{ size: undefined }, 'size is missing, allowed: a whole number from 2 to 9'],
    [{ size: 10 }, 'size is 10, allowed: a whole number from 2 to 9'],
    [{ size: 'x' }, 'size is "x", allowed: a whole number from 2 to 9'],
    [{ theme: 'cars' }, 'theme is "cars", allowed: animals, R&B'],
    [{ colour: 'red' }, 'colour is not an option, allowed: size, theme, free_square'],
    [
      { size: 1, free_square: 'perhaps' },
      'size is 1, allowed: a whole number from 2 to 9; free_square is "perhaps", allowed: {"type":"boolean"}',
    ],
  ])('refuses %j', async (change, message) => {
    await expect(compose({ ...task, ...change }, 'seed')).rejects.toMatchObject({
      name: 'TaskError',
      message: `The task cannot be rendered: ${message}`,
    });
  });

  test('may have several pages, a style sheet and partials of its own', async () => {
    await write('resources/bingo/resource.json', {
      name: 'Bingo',
      pages: [{ side: 'front' }, { side: 'back' }],
    });
    await write('resources/bingo/page.hbs', '<p>{{side}}</p>{{> kiwi}}');
    await write('resources/bingo/page.css', 'p { color: teal }');
    await write('resources/bingo/kiwi.svg', '<svg id="kiwi"/>');
    const { html, filename, repeat } = await compose(task, 'seed');
    expect(filename).toBe('Bingo (a4).pdf');
    expect(repeat).toBe(2);
    expect(html).toMatch(/<p>front<\/p><svg id="kiwi"\/>[^]*<p>back<\/p><svg id="kiwi"\/>/);
    expect(html).toContain('p { color: teal }');
  });

  test('is added, changed and removed without a restart', async () => {
    await compose(task, 'seed');
    await write('resources/bingo/page.hbs', 'changed content');
    expect((await compose(task, 'seed')).html).toContain('changed content');
    await rm(join(own, 'resources/bingo'), { recursive: true });
    await expect(compose(task, 'seed')).rejects.toThrow('resource_view is "bingo", allowed: ');
  });
});

describe('malformed resources are reported and do not affect others', () => {
  test.each([
    ['resource.json', '{ "name": ', /resources\/bingo\/resource.json is malformed: .*JSON/],
    ['resource.json', { options: {} }, /malformed: [^]*name/],
    ['resource.json', { name: 'Bingo', colour: 'red' }, /malformed: [^]*colour/],
    ['resource.json', { name: 'Bingo', options: { type: 'objekt' } }, /malformed: /],
    ['resource.json', { name: 'Bingo', subtitle: '{{#if' }, /malformed: [^]*Parse error/],
    ['page.hbs', '{{#each', /resources\/bingo\/page.hbs failed: Parse error/],
    ['page.hbs', '{{sise}}', /resources\/bingo\/page.hbs failed: .*sise/],
    ['page.hbs', '{{random 9 1}}', /resources\/bingo\/page.hbs failed: no whole number lies between 9 and 1/],
    ['page.hbs', '{{> weka}}', /resources\/bingo\/page.hbs failed: .*weka/],
  ])('%s %j', async (name, content, message) => {
    await write(`resources/bingo/${name}`, content);
    await expect(compose(task, 'seed')).rejects.toMatchObject({ name: 'TaskError', message });
    expect((await compose({ ...task, resource_view: 'grid' }, 'seed')).filename).toBe('Bingo (a4).pdf');
  });

  test('appear in the list with their fault', async () => {
    await write('resources/broken/resource.json', '{');
    await write('resources/broken/page.hbs', '');
    const list = await catalogue.list();
    expect(list.find(({ slug }) => slug === 'broken')).toMatchObject({
      fault: expect.stringContaining('malformed'),
    });
    expect(list.find(({ slug }) => slug === 'bingo')).toMatchObject({ resource: { name: 'Bingo' } });
  });

  test('without a page.hbs, the error says so', async () => {
    await rm(join(own, 'resources/bingo/page.hbs'));
    await expect(compose(task, 'seed')).rejects.toThrow('resources/bingo/resource.json has no page.hbs');
  });
});

describe('the first static directory wins', () => {
  beforeEach(async () => {
    await write('resources/grid/resource.json', { name: 'My grid' });
    await write('resources/grid/page.hbs', 'my grid');
  });
  const grid = { ...task, resource_view: 'grid' };

  test('over the built-in one where it comes first', async () => {
    expect((await compose(grid, 'seed')).html).toContain('my grid');
    use([builtIn, own]);
    expect((await compose(grid, 'seed')).html).not.toContain('my grid');
  });

  test('a page.hbs alone gives the built-in resource a new look', async () => {
    await rm(join(own, 'resources/grid/resource.json'));
    await write('resources/grid/page.hbs', 'wide {{area.width}} {{path}}');
    expect((await compose(grid, 'seed')).html).toMatch(/wide 190 M/);
  });
});

test("a task's own template and css frame the page", async () => {
  await write('templates/look.hbs', '<style>{{css}}</style>{{#each pages}}<div>{{this}}</div>{{/each}}');
  await write('css/look.css', 'html { color: purple }');
  const { html } = await compose({ ...task, template: 'look.hbs', css: 'css/look.css' }, 'seed');
  expect(html).toMatch(/color: purple[^]*<div><table>/);
});
