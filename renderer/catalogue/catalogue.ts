import { TaskError } from '../print/document.ts';
import type { Resource } from './resource.ts';
import type { StaticFile, StaticFiles } from './static-files.ts';
import { userResource } from './user-resource.ts';

/** A resource of the catalogue, or what is wrong with a user's own. */
export type CatalogueEntry = { slug: string; resource: Resource } | { slug: string; fault: string };

/** A resource as clients see it; `options` is a JSON Schema (2020-12). A malformed resource of a user has a fault instead. */
export type ListedResource =
  | {
      slug: string;
      name: string;
      description?: string | undefined;
      language: string;
      options: Record<string, unknown>;
    }
  | { slug: string; fault: string };

/** All resources: the built-in ones and those that users put into `resources/<slug>/` of a static directory. */
export class Catalogue {
  readonly #files: StaticFiles;
  readonly #builtIn: ReadonlyMap<string, Resource>;
  readonly #userResources = new WeakMap<StaticFile, Resource>();

  /**
   * @param files the static directories
   * @param builtIn the resources that come with the product, by slug
   */
  constructor(files: StaticFiles, builtIn: Readonly<Record<string, Resource>>) {
    this.#files = files;
    this.#builtIn = new Map(Object.entries(builtIn));
  }

  /**
   * Finds the resource that a task's `resource_view` names: by its slug or, as old producers send it, by the name of a
   * Python module, with underscores and possibly `.py`. Resolves to undefined when there is none.
   *
   * @throws TaskError when a user's resource is malformed
   */
  async find(view: string): Promise<{ slug: string; resource: Resource } | undefined> {
    const name = view.replace(/\.py$/, '');
    for (const slug of new Set([name, name.replaceAll('_', '-')])) {
      const resource = await this.#open(slug);
      if (resource) return { slug, resource };
    }
    return undefined;
  }

  /** Slugs of all resources, sorted, including malformed ones. */
  async slugs(): Promise<string[]> {
    const folders = await this.#files.list('resources');
    const own = await Promise.all(folders.map((slug) => this.#files.read(`resources/${slug}/resource.json`)));
    return [...new Set([...this.#builtIn.keys(), ...folders.filter((_, index) => own[index])])].sort();
  }

  /** All resources, sorted by slug. */
  async list(): Promise<CatalogueEntry[]> {
    return Promise.all((await this.slugs()).map((slug) => this.#entry(slug)));
  }

  async #entry(slug: string): Promise<CatalogueEntry> {
    try {
      const resource = await this.#open(slug);
      return resource ? { slug, resource } : { slug, fault: `The resource ${slug} was removed` };
    } catch (error) {
      if (error instanceof TaskError) return { slug, fault: error.message };
      throw error;
    }
  }

  async #open(slug: string): Promise<Resource | undefined> {
    const [manifest, page] = await Promise.all([
      this.#files.read(`resources/${slug}/resource.json`),
      this.#files.read(`resources/${slug}/page.hbs`),
    ]);
    const builtIn = this.#builtIn.get(slug);
    // Both files in one directory are a user's resource; a page.hbs alone gives the built-in one a new look.
    if (!manifest || (builtIn && manifest.directory !== page?.directory)) return builtIn;
    if (!page) throw new TaskError(`The resource resources/${slug}/resource.json has no page.hbs beside it`);
    return this.#userResource(manifest, slug);
  }

  #userResource(manifest: StaticFile, slug: string): Resource {
    let resource = this.#userResources.get(manifest);
    if (!resource) {
      resource = userResource(manifest.body.toString(), `resources/${slug}/resource.json`);
      this.#userResources.set(manifest, resource);
    }
    return resource;
  }
}

/** All resources, sorted by slug, as JSON. */
export async function listResources(catalogue: Catalogue): Promise<ListedResource[]> {
  return (await catalogue.list()).map((entry) => {
    if ('fault' in entry) return entry;
    const { name, description, language, optionsSchema } = entry.resource;
    return { slug: entry.slug, name, description, language, options: optionsSchema };
  });
}
