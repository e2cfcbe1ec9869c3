import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const ADRS = 'docs/adr';
const IGNORED = ['node_modules', 'dist', 'data', 'out', 'coverage', '.git'];
const CODE_FOLDERS = [
  'queue',
  'renderer',
  'catalogues',
  'operator',
  'cli',
  'standalone',
  'service',
  'tools',
  'bench',
];

/** A path of the repository in a code span, without placeholders. */
const NAMED_PATH = new RegExp(
  `\`((?:${[...CODE_FOLDERS, 'docs', 'test', 'charts', 'k8s'].join('|')})/[\\w./-]+)\``,
  'g',
);

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The files below a folder, as paths from the root. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return IGNORED.includes(entry.name) ? [] : filesBelow(path);
    return [path];
  });
}

const withoutCode = (markdown: string): string =>
  markdown.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(markdown: string): string[] {
  const headings = markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The links of a page within the repository that lead nowhere. */
function brokenLinks(page: string): string[] {
  const targets = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(ROOT, file))) return true;
    return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
  });
}

describe('documents', () => {
  const pages = filesBelow('.').filter((path) => path.endsWith('.md') && !path.startsWith('.github/'));

  test.each(pages)('%s has no broken link', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  test.each(pages.filter((page) => !page.startsWith(ADRS)))(
    '%s names folders and files that exist',
    (page) => {
      const named = [...read(page).matchAll(NAMED_PATH)].map(([, path = '']) => path);
      expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    },
  );
});

describe('decision records', () => {
  const records = readdirSync(join(ROOT, ADRS)).filter((name) => name !== 'README.md');

  test('are numbered without gaps', () => {
    const numbers = records.map((name) => Number(name.slice(0, 4)));
    expect(numbers).toEqual(records.map((_, index) => index + 1));
  });

  test.each(records)('%s has the common layout', (name) => {
    const text = read(join(ADRS, name));
    const [title = '', , status = ''] = text.split('\n');
    expect(title).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. `));
    expect(status).toMatch(/^Status: \w+.*\. Date: \d{4}-\d\d-\d\d/);
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      'Context',
      'Decision',
      'Consequences',
    ]);
  });

  test('are all in the index, under their titles', () => {
    const index = read(join(ADRS, 'README.md'));
    const titles = records.map((name) => [
      name,
      read(join(ADRS, name))
        .split('\n')[0]
        ?.replace(/^# \d+\. /, ''),
    ]);
    for (const [name, title] of titles) expect(index).toContain(`[${title}](${name})`);
  });

  test('that code refers to exist', () => {
    const numbers = records.map((name) => name.slice(0, 4));
    const references = [...CODE_FOLDERS.flatMap(filesBelow), 'Dockerfile'].flatMap((path) =>
      [...read(path).matchAll(/docs\/adr\/(\d+)/g)].map(([, number = '']) => ({
        path,
        number,
      })),
    );
    expect(references.filter(({ number }) => !numbers.includes(number))).toEqual([]);
  });
});
