import { TaskError } from '../renderer/print/document.ts';
import { readRenderTask, type Sources } from '../renderer/compose/render-task.ts';
import type { Resource } from '../renderer/catalogue/resource.ts';
import { CliError, EXIT } from './session.ts';

/** A render task's payload, as it goes into the queue. */
export type Payload = Record<string, unknown>;

/** What a task says besides the resource's own options. */
export interface OrderOptions {
  paperSize: string;
  copies: string;
  headerText?: string;
  name?: string;
  url: string;
  template?: string;
  css?: string;
  tagged?: boolean;
}

/** The payload of a task for a resource; what is left out is left to the queue's producers' usual values. */
export function orderOf(slug: string, resource: Resource, order: OrderOptions, options: Payload): Payload {
  return withUsualKeys(
    {
      resource_slug: slug,
      resource_name: order.name,
      url: order.url,
      header_text: order.headerText,
      paper_size: order.paperSize,
      copies: order.copies,
      ...options,
      template: order.template,
      css: order.css,
      tagged: order.tagged,
    },
    resource.name,
  );
}

/** Fills in the keys that are the same for nearly every task: what kind it is, its module, its name, one A4 copy. */
export function withUsualKeys(given: Payload, name: string): Payload {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    kind: 'task#render',
    resource_view: set.resource_slug,
    resource_name: name,
    url: '',
    paper_size: 'a4',
    copies: 1,
    ...set,
  };
}

/** The resource of a slug; throws CliError that names those there are. */
export async function resourceOf(slug: string, { catalogue }: Sources): Promise<Resource> {
  const found = await catalogue.find(slug);
  if (found) return found.resource;
  const known = (await catalogue.slugs()).join(', ');
  throw new CliError(`There is no resource ${JSON.stringify(slug)}; there are: ${known}.`, EXIT.usage);
}

/** Checks a payload as the renderer will. Throws CliError that names every fault. */
export async function checkOrder(payload: Payload, sources: Sources): Promise<void> {
  try {
    await readRenderTask(payload, sources);
  } catch (error) {
    if (error instanceof TaskError) throw new CliError(error.message, EXIT.usage);
    throw error;
  }
}
