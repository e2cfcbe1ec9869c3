import filenamify from 'filenamify';
import { layout } from '../catalogue/paper.ts';
import { createRandom } from '../catalogue/random.ts';
import type { StaticFiles } from '../catalogue/static-files.ts';
import { STATIC_ORIGIN, type PrintableDocument } from '../print/document.ts';
import { readRenderTask, type Order, type Sources } from './render-task.ts';
import { markup, openTemplate } from './templates.ts';

/** Header text with more characters than this does not fit two lines at its usual size. */
const LONG_HEADER = 150;
const MAX_FILENAME_BYTES = 240;

/**
 * Turns a task's payload into a document. The seed (the task's id) feeds all randomness, so that the same task always gives
 * the same document. Rejects with TaskError when the payload is not a task that can be rendered.
 */
export type Compose = (payload: unknown, seed: string) => Promise<PrintableDocument>;

/** Makes the function that turns tasks into documents. */
export function createComposer(sources: Sources): Compose {
  return async (payload, seed) => compose(await readRenderTask(payload, sources), seed, sources);
}

async function compose(
  { task, slug, resource, plan }: Order,
  seed: string,
  { files, templates }: Sources,
): Promise<PrintableDocument> {
  const folder = `resources/${slug}`;
  const art = { files, folder: 'art' };
  const [frame, page, css] = await Promise.all([
    openTemplate(templates, task.template, [art, { files: templates, folder: '' }]),
    openTemplate(files, `${folder}/page.hbs`, [art, { files, folder }]),
    readStyles(files, ['css/page.css', `${folder}/page.css`, ...(task.css ? [task.css] : [])]),
  ]);

  const random = createRandom(seed);
  const { area, ...paper } = layout(task.paper_size, {
    landscape: resource.landscape,
    header: task.header_text !== '',
  });
  const data = { ...plan.options, ...task, paper: task.paper_size, area };
  const copy = () =>
    plan.pages(random, area).map((drawing) => markup(page.render({ ...data, ...drawing }, random)));
  const pages = copy();
  const identical = !random.drawn;
  for (let number = 2; number <= task.copies && !identical; number += 1) pages.push(...copy());

  const filename = documentFilename(task.resource_name, plan.subtitle(task.paper_size));
  const html = frame.render(
    {
      ...data,
      ...paper,
      pages,
      longHeader: task.header_text.length > LONG_HEADER,
      css: markup(css),
      title: filename.replace(/\.pdf$/, ''),
      language: resource.language,
      base: `${STATIC_ORIGIN}/${folder}/`,
    },
    random,
  );
  return {
    html,
    language: resource.language,
    filename,
    javascript: resource.javascript,
    repeat: identical ? task.copies : 1,
    tagged: task.tagged ?? false,
  };
}

/** The style sheets that exist, in order, so that later ones override earlier ones. */
async function readStyles(files: StaticFiles, paths: string[]): Promise<string> {
  const sheets = await Promise.all(paths.map((path) => files.read(path)));
  return sheets.flatMap((sheet) => sheet?.body.toString() ?? []).join('\n');
}

/**
 * The file name of a document, `{name} ({subtitle}).pdf`, safe on every common file system: not hidden, without separators,
 * control characters or reserved ones, and never too long, for which the name is cut.
 */
export function documentFilename(name: string, subtitle: string): string {
  const ending = ` (${subtitle}).pdf`;
  const room = Math.max(1, MAX_FILENAME_BYTES - Buffer.byteLength(ending));
  const visible = name.toWellFormed().replace(/^[.\s]+/, '');
  const { read } = new TextEncoder().encodeInto(visible, new Uint8Array(room));
  return filenamify(visible.slice(0, read).trim() + ending, {
    replacement: '-',
    maxLength: MAX_FILENAME_BYTES,
  }).trim();
}
