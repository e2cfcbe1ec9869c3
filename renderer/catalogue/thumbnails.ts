import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Catalogue } from './catalogue.ts';
import type { Compose, PrintableDocument } from '../print/document.ts';
import { layout, type Area } from './paper.ts';
import type { Resource } from './resource.ts';
import { usualOptions } from './usual-options.ts';
import type { StaticFiles } from './static-files.ts';

/** Endings of a picture that may lie beside a resource's `page.hbs`; the first that is there is taken. */
const ENDINGS = ['webp', 'svg', 'png', 'jpg'];
const KEPT = 100;
/** The longer side. */
const PIXELS = 360;

export interface Picture {
  body: Buffer;
  contentType: string;
}

/** Takes a picture of a document's first page; `paper` is its size in millimetres, `pixels` the picture's longer side. */
export type Photograph = (
  document: PrintableDocument,
  size: { paper: Area; pixels: number },
) => Promise<Buffer>;

/** Small pictures of resources: the one in the resource's folder, or one taken of it, kept until its drawing changes. */
export class Thumbnails {
  readonly #catalogue: Catalogue;
  readonly #files: StaticFiles;
  readonly #compose: Compose;
  readonly #photograph: Photograph;
  readonly #taken = new LRUCache<string, Promise<Buffer>>({ max: KEPT });
  #last: Promise<unknown> = Promise.resolve();

  constructor({
    catalogue,
    files,
    compose,
    photograph,
  }: {
    catalogue: Catalogue;
    files: StaticFiles;
    compose: Compose;
    photograph: Photograph;
  }) {
    this.#catalogue = catalogue;
    this.#files = files;
    this.#compose = compose;
    this.#photograph = photograph;
  }

  /** The picture of a resource; undefined when there is no such resource. Rejects with TaskError when it is malformed. */
  async of(slug: string): Promise<Picture | undefined> {
    const found = await this.#catalogue.find(slug);
    if (!found) return undefined;
    for (const ending of ENDINGS) {
      const file = await this.#files.read(`resources/${found.slug}/thumbnail.${ending}`);
      if (file) return file;
    }
    return { body: await this.#take(found), contentType: 'image/webp' };
  }

  async #take(found: { slug: string; resource: Resource }): Promise<Buffer> {
    const document = await this.#compose(exampleTask(found), found.slug);
    const key = digestOf(document);
    const known = this.#taken.get(key);
    if (known) return known;
    // One after the other: each takes a browser of its own for a moment.
    const picture = this.#last.then(() => photographOf(document, found.resource, this.#photograph));
    this.#last = picture.catch(() => this.#taken.delete(key));
    this.#taken.set(key, picture);
    return picture;
  }
}

/** The task whose document stands for a resource in pictures: A4, every option at its usual value. */
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

/** The thumbnail of a resource's document. */
export function photographOf(
  document: PrintableDocument,
  { landscape }: Resource,
  photograph: Photograph,
): Promise<Buffer> {
  return photograph(document, { paper: layout('a4', { landscape, header: false }), pixels: PIXELS });
}
