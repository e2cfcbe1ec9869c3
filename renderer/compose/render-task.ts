import { z } from 'zod';
import { faultText } from '../../queue/wire/option-schema.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { check, choice } from '../catalogue/options.ts';
import type { Plan, Resource } from '../catalogue/resource.ts';
import type { StaticFiles } from '../catalogue/static-files.ts';
import { TaskError } from '../print/document.ts';

/** Identical copies cost next to nothing; the limit is for documents whose every copy is different. */
const MAX_COPIES = 500;
const COPIES = `a whole number from 1 to ${MAX_COPIES}`;

const text = z.string({ error: 'text' });
const name = text.refine((given) => given.trim() !== '', { error: 'text that is not empty' });

/** What documents are made from. */
export interface Sources {
  catalogue: Catalogue;
  /** The static directories: art, style sheets, fonts and resources. */
  files: StaticFiles;
  /** The template directories: `base.hbs`, the frame of every document, and users' own. */
  templates: StaticFiles;
}

/** The keys that every render task has, next to the options of its resource. */
const renderTask = z.object({
  kind: z.literal('task#render', { error: 'task#render' }),
  resource_slug: name,
  resource_name: name,
  resource_view: name,
  url: text,
  header_text: z
    .string({ error: 'text or nothing' })
    .nullish()
    .transform((given) => given?.trim() ?? ''),
  paper_size: choice('a4', 'letter'),
  copies: z.preprocess(
    (given) => (typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given),
    z.int(COPIES).min(1, COPIES).max(MAX_COPIES, COPIES),
  ),
  template: name.nullish().transform((given) => given ?? 'base.hbs'),
  css: name.nullish(),
  tagged: choice(true, false).optional(),
});

/** JSON Schema (2020-12) of the keys that every render task has, for clients that check a task before it is queued. */
export const taskKeysSchema = {
  properties: z.toJSONSchema(renderTask, { unrepresentable: 'any' }).properties,
};

type RenderTask = z.output<typeof renderTask>;

/** A task whose values have all been checked, with the resource that it asks for. */
export interface Order {
  task: RenderTask;
  slug: string;
  resource: Resource;
  plan: Plan;
}

/**
 * Checks a task's payload and finds the resource that it asks for.
 *
 * @throws TaskError that names every fault
 */
export async function readRenderTask(payload: unknown, sources: Sources): Promise<Order> {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw new TaskError('The task cannot be rendered: its payload is not a JSON object');
  }
  const given = payload as Record<string, unknown>;
  const task = check(renderTask, given);
  const { faults: unknown, found } = await resolve(given, sources);
  const options = Object.entries(given).filter(([key]) => !(key in renderTask.shape));
  const plan = found?.resource.plan(Object.fromEntries(options));

  if (task.faults || !found || !plan || plan.faults || unknown.length > 0) {
    const faults = [...(task.faults ?? []), ...unknown, ...(plan?.faults ?? [])];
    throw new TaskError(`The task cannot be rendered: ${faults.join('; ')}`);
  }
  return { task: task.value, ...found, plan: plan.value };
}

/** Looks up what a task names: its resource, its template and its style sheet. */
async function resolve(given: Record<string, unknown>, { catalogue, files, templates }: Sources) {
  const faults: string[] = [];
  const { resource_view: view, template, css } = given;
  const found = isName(view) ? await catalogue.find(view) : undefined;
  if (isName(view) && !found)
    faults.push(faultText(given, 'resource_view', (await catalogue.slugs()).join(', ')));
  if (isName(template) && !(await templates.read(template))) {
    faults.push(
      faultText(given, 'template', `${(await templates.list()).join(', ')} (of the template directories)`),
    );
  }
  if (isName(css) && !(await files.read(css))) {
    faults.push(faultText(given, 'css', 'the path of a file in the static directories'));
  }
  return { faults, found };
}

function isName(given: unknown): given is string {
  return typeof given === 'string' && given.trim() !== '';
}
