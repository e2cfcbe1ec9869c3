import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { layout, type Area } from '../catalogue/paper.ts';
import type { Resource } from '../catalogue/resource.ts';
import { usualOptions } from '../catalogue/usual-options.ts';
import type { PrintableDocument } from '../print/document.ts';
import type { Compose } from './compose.ts';
import type { Sources } from './render-task.ts';

/** Extensions of a picture beside a resource's `page.hbs`, in order of preference. */
const EXTENSIONS = ['webp', 'svg', 'png', 'jpg'];
const MAX_CACHED = 100;
/** Of the longer side. */
const PIXELS = 360;

export interface Picture {
  body: Buffer;
  contentType: string;
}

/** Takes a screenshot of a document's first page; `paper` is its size in millimetres, `pixels` the longer side's length. */
export type Screenshot = (
  document: PrintableDocument,
  size: { paper: Area; pixels: number },
) => Promise<Buffer>;

export interface ThumbnailsOptions extends Pick<Sources, 'catalogue' | 'files'> {
  compose: Compose;
  screenshot: Screenshot;
}

/** Thumbnails of resources: the picture in the resource's folder, or a screenshot, cached until the drawing changes. */
export class Thumbnails {
  readonly #options: ThumbnailsOptions;
  readonly #cached = new LRUCache<string, Promise<Buffer>>({ max: MAX_CACHED });
  /** One at a time: each screenshot starts a browser. */
  readonly #inTurn = pLimit(1);

  constructor(options: ThumbnailsOptions) {
    this.#options = options;
  }

  /**
   * The thumbnail of a resource; undefined when there is no such resource.
   *
   * @throws TaskError when the resource is malformed
   */
  async of(slug: string): Promise<Picture | undefined> {
    const { catalogue, files } = this.#options;
    const found = await catalogue.find(slug);
    if (!found) return undefined;
    for (const extension of EXTENSIONS) {
      const file = await files.read(`resources/${found.slug}/thumbnail.${extension}`);
      if (file) return file;
    }
    return { body: await this.#screenshotOf(found), contentType: 'image/webp' };
  }

  async #screenshotOf(found: { slug: string; resource: Resource }): Promise<Buffer> {
    const { compose, screenshot } = this.#options;
    const document = await compose(exampleTask(found), found.slug);
    const key = digestOf(document);
    const cached = this.#cached.get(key);
    if (cached) return cached;
    const picture = this.#inTurn(() => takeThumbnail(document, found.resource, screenshot));
    picture.catch(() => this.#cached.delete(key));
    this.#cached.set(key, picture);
    return picture;
  }
}

/** The task that thumbnails show of a resource: A4, and every option at its usual value unless the resource has an example. */
export function exampleTask({
  slug,
  resource,
}: {
  slug: string;
  resource: Resource;
}): Record<string, unknown> {
  return {
    kind: 'task#render',
    resource_slug: slug,
    resource_name: resource.name,
    resource_view: slug,
    url: '',
    paper_size: 'a4',
    copies: 1,
    ...usualOptions(resource),
    ...resource.example,
  };
}

/** Tells two drawings apart, in 16 hexadecimal digits. */
export function digestOf({ html }: PrintableDocument): string {
  return createHash('sha256').update(html).digest('hex').slice(0, 16);
}

/** A screenshot of a resource's A4 document, as small as a thumbnail. */
export function takeThumbnail(
  document: PrintableDocument,
  { landscape }: Resource,
  screenshot: Screenshot,
): Promise<Buffer> {
  return screenshot(document, { paper: layout('a4', { landscape, header: false }), pixels: PIXELS });
}
