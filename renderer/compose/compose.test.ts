import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { worksheets } from '../../catalogues/worksheets/worksheets.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import { StaticFiles } from '../catalogue/static-files.ts';
import { createComposer, documentFilename } from './compose.ts';

const root = join(import.meta.dirname, '../../static');
const files = new StaticFiles({ directories: [root], cacheBytes: 2 ** 26 });
const templates = new StaticFiles({ directories: [join(root, 'templates')], cacheBytes: 2 ** 20 });
const catalogue = new Catalogue(files, worksheets);
const compose = createComposer({ catalogue, files, templates });

const grid = {
  kind: 'task#render',
  resource_slug: 'grid',
  resource_name: 'Grid',
  resource_view: 'grid',
  url: 'example.org/grid',
  paper_size: 'a4',
  copies: 1,
};
const cards = {
  ...grid,
  resource_name: 'Binary Cards (small)',
  resource_view: 'binary_cards_small',
  number_bits: '8',
  dot_counts: true,
  black_back: false,
};
const network = {
  ...grid,
  resource_name: 'Sorting Network',
  resource_view: 'sorting-network',
  prefilled_values: 'hard',
};

const pageCount = (html: string): number => html.split('<section class="page">').length - 1;

describe('file names', () => {
  test.each([
    [grid, 'Grid (a4).pdf'],
    [{ ...grid, paper_size: 'letter' }, 'Grid (letter).pdf'],
    [{ ...grid, paper_size: 'A4' }, 'Grid (a4).pdf'],
    [cards, 'Binary Cards (small) (8 bits - with dot counts - without black back - a4).pdf'],
    [
      { ...cards, number_bits: 12, dot_counts: false, black_back: true },
      'Binary Cards (small) (12 bits - without dot counts - with black back - a4).pdf',
    ],
    [{ ...network, prefilled_values: 'blank' }, 'Sorting Network (blank - a4).pdf'],
    [{ ...network, prefilled_values: 'easy' }, 'Sorting Network (1 to 9 - a4).pdf'],
    [{ ...network, prefilled_values: 'medium' }, 'Sorting Network (10 to 99 - a4).pdf'],
    [network, 'Sorting Network (100 to 999 - a4).pdf'],
  ])('%j', async (task, filename) => {
    expect((await compose(task, 'seed')).filename).toBe(filename);
  });

  test('names a document after its resource and subtitle', () => {
    expect(documentFilename('Binary Cards (small)', '4 bits - a4')).toBe(
      'Binary Cards (small) (4 bits - a4).pdf',
    );
    expect(documentFilename('Ngā kāri', 'whā - a4')).toBe('Ngā kāri (whā - a4).pdf');
  });

  test.each(['../../etc/passwd', 'a/b\\c', 'a\0b\nc\u0085', 'a:b*c?"<>|', ' . ', 'CON'])(
    '%j is made safe',
    (name) => {
      const filename = documentFilename(name, 'a4');
      // eslint-disable-next-line no-control-regex -- control characters are what must not be there
      expect(filename).not.toMatch(/[\u0000-\u001f\u0080-\u009f/\\:*?"<>|]/);
      expect(filename).toMatch(/^[^.\s].* \(a4\)\.pdf$|^\(a4\)\.pdf$/);
    },
  );

  test('long names are cut to what file systems allow; subtitle and extension are kept, no character is split', () => {
    for (const letter of ['x', 'ā', '漢', '🐢']) {
      const filename = documentFilename(letter.repeat(500), '1 to 9 - letter');
      expect(Buffer.byteLength(filename)).toBeLessThanOrEqual(255);
      expect(filename).toMatch(/ \(1 to 9 - letter\)\.pdf$/);
      expect(filename.isWellFormed()).toBe(true);
    }
  });
});

describe('pages and copies', () => {
  test.each([
    [grid, 1],
    [{ ...cards, number_bits: 4 }, 1],
    [{ ...cards, number_bits: 12 }, 3],
    [{ ...cards, number_bits: 12, black_back: true }, 6],
    [network, 1],
  ])('%j', async (task, pages) => {
    expect(pageCount((await compose(task, 'seed')).html)).toBe(pages);
  });

  test('identical copies are composed once and repeated', async () => {
    for (const task of [grid, cards, { ...network, prefilled_values: 'blank' }]) {
      const { html, repeat } = await compose({ ...task, copies: 30 }, 'seed');
      expect(repeat).toBe(30);
      expect(html).toBe((await compose(task, 'seed')).html);
    }
  });

  test('copies with random content differ', async () => {
    const { html, repeat } = await compose({ ...network, copies: '30' }, 'seed');
    const sheets = html.split('<section').slice(1);
    expect([repeat, sheets.length, new Set(sheets).size]).toEqual([1, 30, 30]);
  });

  test('the same seed gives the same document, another one different numbers', async () => {
    const first = await compose(network, 'task-1');
    expect(await compose(network, 'task-1')).toEqual(first);
    expect((await compose(network, 'task-2')).html).not.toBe(first.html);
  });
});

describe('the page around the drawing', () => {
  test.each([
    ['a4', 'size: 210mm 297mm', '--area-height: 267mm'],
    ['letter', 'size: 215.9mm 279.4mm', '--area-height: 249mm'],
  ])('%s has its size and drawing area', async (paper_size, size, area) => {
    const { html } = await compose({ ...grid, paper_size }, 'seed');
    expect(html).toContain(size);
    expect(html).toContain(area);
  });

  test('text of a task is escaped everywhere', async () => {
    const nasty = '<script>alert(1)</script>"&\'{{url}}';
    const { html } = await compose({ ...grid, header_text: nasty, resource_name: nasty, url: nasty }, 'seed');
    expect(html).not.toContain('<script');
    expect(html.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&amp;&#x27;\{\{url\}\}/g)).toHaveLength(
      3,
    );
  });

  test.each([undefined, null, '', '  '])('no header for %j', async (header_text) => {
    expect((await compose({ ...grid, header_text }, 'seed')).html).not.toContain('<header');
  });

  test('names its language and title, runs no scripts and is untagged by default', async () => {
    const document = await compose({ ...grid, tagged: 'true' }, 'seed');
    expect(document.html).toContain('<html lang="en">');
    expect(document.html).toContain('<title>Grid (a4)</title>');
    expect(document).toMatchObject({ javascript: false, tagged: true });
    expect(await compose(grid, 'seed')).toMatchObject({ tagged: false });
  });
});

describe('bad tasks', () => {
  test.each([
    [null, /not a JSON object/],
    ['text', /not a JSON object/],
    [[grid], /not a JSON object/],
    [{ ...grid, kind: 'result#document' }, /kind is "result#document", allowed: task#render/],
    [{ ...grid, resource_name: ' ' }, /resource_name is " ", allowed: text that is not empty/],
    [{ ...grid, header_text: 7 }, /header_text is 7, allowed: text or nothing/],
    [{ ...grid, paper_size: 'a3' }, /paper_size is "a3", allowed: a4, letter/],
    ...[0, -1, 1.5, 501, 'many', '', true, null].map(
      (copies) =>
        [
          { ...grid, copies },
          new RegExp(`copies is ${JSON.stringify(copies)}, allowed: a whole number from 1 to 500`),
        ] as const,
    ),
    [{ ...grid, tagged: 'maybe' }, /tagged is "maybe", allowed: true, false/],
    [{ ...grid, resource_view: 'gird' }, /resource_view is "gird", allowed: .*grid.*sorting-network/],
    [{ ...grid, resource_view: '../grid' }, /resource_view is "..\/grid", allowed: /],
    [{ ...grid, resource_view: '__proto__' }, /resource_view is "__proto__", allowed: /],
    [{ ...grid, template: '../base.hbs' }, /template is "..\/base.hbs", allowed: base.hbs/],
    [{ ...grid, css: '/etc/passwd' }, /css is "\/etc\/passwd", allowed: the path of a file/],
  ])('%j', async (task, message) => {
    await expect(compose(task, 'seed')).rejects.toMatchObject({ name: 'TaskError', message });
  });

  test('all faults are in one message', async () => {
    const bad = {
      ...cards,
      paper_size: 'a5',
      number_bits: 5,
      copies: undefined,
      url: undefined,
      dot_counts: undefined,
    };
    await expect(compose(bad, 'seed')).rejects.toThrow(
      'The task cannot be rendered: url is missing, allowed: text; paper_size is "a5", allowed: a4, letter; ' +
        'copies is missing, allowed: a whole number from 1 to 500; number_bits is 5, allowed: 4, 8, 12; ' +
        'dot_counts is missing, allowed: true, false',
    );
  });
});

test('a missing built-in template is an error of the installation, which a retry may fix, and not of the task', async () => {
  const none = new StaticFiles({ directories: [], cacheBytes: 1 });
  const broken = createComposer({ catalogue, files: none, templates });
  await expect(broken(grid, 'seed')).rejects.toMatchObject({ name: 'Error' });
});

test('lists the built-in resources with their options', async () => {
  const list = await catalogue.list();
  expect(list.map(({ slug }) => slug)).toEqual(
    expect.arrayContaining(['binary-cards-small', 'grid', 'sorting-network']),
  );
});
