import Handlebars from 'handlebars';
import type { Random } from '../catalogue/random.ts';
import type { StaticFile, StaticFiles } from '../catalogue/static-files.ts';
import { TaskError } from '../print/document.ts';
import { helpers } from './helpers.ts';

const PARTIAL = /\.(hbs|svg)$/;

/** A template with its partials: the `.hbs` and `.svg` files of some folders, named without their extension. */
interface Template {
  /** HTML from data. Throws TaskError, naming the file, when the template is faulty or uses a missing name or partial. */
  render(data: Record<string, unknown>, random: Random): string;
}

const handlebars = Handlebars.create();
handlebars.registerHelper(helpers);

// Keyed by the file object, which StaticFiles keeps as long as the file is unchanged and in its cache.
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

/** A folder of static files from which partials come; `''` is the top folder. */
interface PartialFolder {
  files: StaticFiles;
  folder: string;
}

/** Opens the template at a path; later partial folders override earlier ones. Rejects when the file does not exist. */
export async function openTemplate(
  files: StaticFiles,
  path: string,
  partialFolders: readonly PartialFolder[],
): Promise<Template> {
  const [file, ...folders] = await Promise.all([files.read(path), ...partialFolders.map(readPartials)]);
  if (!file) throw new Error(`Template ${path} not found in the template directories`);
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

/** HTML that a template made; other templates insert it without escaping it. */
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
