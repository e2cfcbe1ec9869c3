import Handlebars from 'handlebars';
import { TaskError } from '../print/document.ts';
import type { Random } from '../catalogue/random.ts';
import type { StaticFile, StaticFiles } from '../catalogue/static-files.ts';
import { helpers } from './helpers.ts';

const PARTIAL = /\.(hbs|svg)$/;

/** A template and its partials: the `.hbs` and `.svg` files of some folders, each by its name without the ending. */
export interface Template {
  /** HTML from data. Throws TaskError, naming the file, when the template is faulty or asks for what is not there. */
  render(data: Record<string, unknown>, random: Random): string;
}

const handlebars = Handlebars.create();
handlebars.registerHelper(helpers);

// Keyed by the file object, which StaticFiles keeps while the file is unchanged and in its cache.
const compiled = new WeakMap<StaticFile, Handlebars.TemplateDelegate>();

function compile(file: StaticFile): Handlebars.TemplateDelegate {
  let template = compiled.get(file);
  if (!template) {
    // A mistyped name is an error rather than a gap on paper; text of tasks is always escaped.
    template = handlebars.compile(file.body.toString(), { strict: true, preventIndent: true });
    compiled.set(file, template);
  }
  return template;
}

/** Where partials come from: a folder of some static files, `''` for all that lies at their top. */
export interface PartialFolder {
  files: StaticFiles;
  folder: string;
}

/** Opens the template at a path. Later partial folders win over earlier ones. Rejects when there is no such file. */
export async function openTemplate(
  files: StaticFiles,
  path: string,
  partialFolders: readonly PartialFolder[],
): Promise<Template> {
  const [file, ...folders] = await Promise.all([files.read(path), ...partialFolders.map(readPartials)]);
  if (!file) throw new Error(`No directory holds the template ${path}`);
  const template = compile(file);
  const partials = Object.fromEntries(folders.flat());
  return {
    render(data, random) {
      try {
        return template(data, { partials, data: { random } });
      } catch (error) {
        throw new TaskError(`The template ${path} failed: ${(error as Error).message}`, { cause: error });
      }
    },
  };
}

/** Markup that a template made; other templates insert it as it is. */
export function markup(html: string): Handlebars.SafeString {
  return new Handlebars.SafeString(html);
}

async function readPartials({
  files,
  folder,
}: PartialFolder): Promise<[string, Handlebars.TemplateDelegate][]> {
  const names = (await files.list(folder)).filter((name) => PARTIAL.test(name));
  const partials = names.map(async (name): Promise<[string, Handlebars.TemplateDelegate][]> => {
    const file = await files.read(folder === '' ? name : `${folder}/${name}`);
    return file ? [[name.replace(PARTIAL, ''), compile(file)]] : [];
  });
  return (await Promise.all(partials)).flat();
}
