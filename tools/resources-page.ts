import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { worksheets } from '../catalogues/worksheets/worksheets.ts';
import { Catalogue } from '../renderer/catalogue/catalogue.ts';
import { takeScreenshot } from '../renderer/print/chromium/screenshot.ts';
import { createComposer } from '../renderer/compose/compose.ts';
import { loadRendererConfig } from '../renderer/config.ts';
import type { PrintableDocument } from '../renderer/print/document.ts';
import { layout } from '../renderer/catalogue/paper.ts';
import { createRandom } from '../renderer/catalogue/random.ts';
import type { Resource } from '../renderer/catalogue/resource.ts';
import { combinations, optionSchemas } from '../renderer/catalogue/usual-options.ts';
import { allowedValues } from '../queue/wire/option-schema.ts';
import { StaticFiles } from '../renderer/catalogue/static-files.ts';
import { digestOf, exampleTask, takeThumbnail } from '../renderer/compose/thumbnails.ts';

/** Where the page of resources is, from the root of the repository. */
export const RESOURCES_PAGE = 'docs/resources.md';

const root = join(import.meta.dirname, '..');
const directories = [join(root, 'static')];
const files = new StaticFiles({ directories, cacheBytes: 2 ** 26 });
const templates = new StaticFiles({ directories: [join(root, 'static/templates')], cacheBytes: 2 ** 20 });
const catalogue = new Catalogue(files, worksheets);
const compose = createComposer({ catalogue, files, templates });

/** A built-in resource with the document that its picture shows. */
interface Pictured {
  slug: string;
  resource: Resource;
  document: PrintableDocument;
}

/** The page that shows every built-in resource. Its remarks tie each picture to the drawing that it was taken of. */
export async function resourcesPage(): Promise<string> {
  return `${[HEAD, ...(await pictured()).map(section)].join('\n\n')}\n`;
}

/** Takes the thumbnails anew that are missing or whose drawing is not the one that the present page names. */
export async function renewThumbnails(): Promise<void> {
  const page = existsSync(join(root, RESOURCES_PAGE)) ? readFileSync(join(root, RESOURCES_PAGE), 'utf8') : '';
  const { chromium } = loadRendererConfig();
  const options = { chromium, staticDirectories: directories, files, logger: pino({ level: 'silent' }) };
  for (const { slug, resource, document } of await pictured()) {
    const path = join(root, thumbnailOf(slug));
    if (existsSync(path) && page.includes(remark(document))) continue;
    const take = (...[shown, size]: Parameters<Parameters<typeof takeThumbnail>[2]>) =>
      takeScreenshot(shown, size, options);
    await writeFile(path, await takeThumbnail(document, resource, take));
  }
}

/** The thumbnails that are missing, as paths from the root of the repository. */
export async function missingThumbnails(): Promise<string[]> {
  const paths = (await catalogue.slugs()).map(thumbnailOf);
  return paths.filter((path) => !existsSync(join(root, path)));
}

async function pictured(): Promise<Pictured[]> {
  return Promise.all(
    (await catalogue.list()).map(async (entry) => {
      if ('fault' in entry) throw new Error(entry.fault);
      return { ...entry, document: await compose(exampleTask(entry), entry.slug) };
    }),
  );
}

function section({ slug, resource, document }: Pictured): string {
  const { name, description = '' } = resource;
  const options = optionSchemas(resource).map(([key, schema]) => {
    return `| \`${key}\` | ${(allowedValues(schema) ?? []).map((value) => `\`${String(value)}\``).join(', ')} |`;
  });
  const table = ['| option | values |', '| --- | --- |', ...options].join('\n');
  return [
    `## ${name}`,
    `![${name}](../${thumbnailOf(slug)})\n${remark(document)}`,
    `\`${slug}\`: ${description} ${pagesOf(resource)}`,
    options.length > 0 ? table : 'It has no options of its own.',
    `File name of the one above: \`${document.filename}\``,
  ].join('\n\n');
}

/** How many pages a copy has, over all options. */
function pagesOf(resource: Resource): string {
  const { area } = layout('a4', { landscape: resource.landscape, header: false });
  const counts = combinations(resource.optionsSchema).map((options) => {
    const planned = resource.plan(options);
    if (planned.faults) throw new Error(planned.faults.join('; '));
    return planned.value.pages(createRandom(''), area).length;
  });
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return 'One page.';
  return least === most ? `${most} pages.` : `${least} to ${most} pages.`;
}

function thumbnailOf(slug: string): string {
  return `static/resources/${slug}/thumbnail.webp`;
}

function remark(document: PrintableDocument): string {
  return `<!-- drawing ${digestOf(document)} -->`;
}

const HEAD = `<!-- Written by npm run generate; do not edit. -->

# Resources

What can be printed out of the box, each on A4 and US Letter, with any header text and any number of copies.
\`npx renderfleet preview SLUG\` prints one here and now; \`GET /catalogue\` tells programs what this page tells people. Your own
resources are described in [own-resources.md](own-resources.md).`;
