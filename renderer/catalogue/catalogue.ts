import { TaskError } from '../print/document.ts';
import { arrows } from '../../catalogues/worksheets/programming/arrows.ts';
import { barcodeChecksumPoster } from '../../catalogues/worksheets/codes/barcode-checksum-poster.ts';
import { binaryCardsSmall } from '../../catalogues/worksheets/binary/binary-cards-small.ts';
import { binaryCards } from '../../catalogues/worksheets/binary/binary-cards.ts';
import { binaryToAlphabet } from '../../catalogues/worksheets/binary/binary-to-alphabet.ts';
import { binaryWindows } from '../../catalogues/worksheets/binary/binary-windows.ts';
import { grid } from '../../catalogues/worksheets/programming/grid.ts';
import { jobBadges } from '../../catalogues/worksheets/programming/job-badges.ts';
import { leftRightCards } from '../../catalogues/worksheets/programming/left-right-cards.ts';
import { moduloClock } from '../../catalogues/worksheets/binary/modulo-clock.ts';
import { parityCards } from '../../catalogues/worksheets/codes/parity-cards.ts';
import { pianoKeys } from '../../catalogues/worksheets/games/piano-keys.ts';
import type { Resource } from './resource.ts';
import { searchingCards } from '../../catalogues/worksheets/sorting/searching-cards.ts';
import { sortingNetworkCards } from '../../catalogues/worksheets/sorting/sorting-network-cards.ts';
import { sortingNetwork } from '../../catalogues/worksheets/sorting/sorting-network.ts';
import { trainStations } from '../../catalogues/worksheets/games/train-stations.ts';
import { treasureHunt } from '../../catalogues/worksheets/games/treasure-hunt.ts';
import { userResource } from './user-resource.ts';
import type { StaticFile, StaticFiles } from './static-files.ts';

/** The resources that come with the product, by slug. */
const BUILT_IN: Record<string, Resource> = {
  arrows,
  'barcode-checksum-poster': barcodeChecksumPoster,
  'binary-cards': binaryCards,
  'binary-cards-small': binaryCardsSmall,
  'binary-to-alphabet': binaryToAlphabet,
  'binary-windows': binaryWindows,
  grid,
  'job-badges': jobBadges,
  'left-right-cards': leftRightCards,
  'modulo-clock': moduloClock,
  'parity-cards': parityCards,
  'piano-keys': pianoKeys,
  'searching-cards': searchingCards,
  'sorting-network': sortingNetwork,
  'sorting-network-cards': sortingNetworkCards,
  'train-stations': trainStations,
  'treasure-hunt': treasureHunt,
};

/** A resource of the catalogue, or what is wrong with a user's own. */
export type CatalogueEntry = { slug: string; resource: Resource } | { slug: string; fault: string };

/** All resources: the built-in ones and those that users put into `resources/<slug>/` of a static directory. */
export class Catalogue {
  readonly #files: StaticFiles;
  readonly #userResources = new WeakMap<StaticFile, Resource>();

  constructor(files: StaticFiles) {
    this.#files = files;
  }

  /**
   * The resource that a task's `resource_view` names: a slug, or as old producers send it, the name of a Python module, with
   * underscores and maybe `.py`. Undefined when there is none; rejects with TaskError when a user's resource is malformed.
   */
  async find(view: string): Promise<{ slug: string; resource: Resource } | undefined> {
    const name = view.replace(/\.py$/, '');
    for (const slug of new Set([name, name.replaceAll('_', '-')])) {
      const resource = await this.#open(slug);
      if (resource) return { slug, resource };
    }
    return undefined;
  }

  /** Slugs of all resources, sorted, malformed ones included. */
  async slugs(): Promise<string[]> {
    const folders = await this.#files.list('resources');
    const own = await Promise.all(folders.map((slug) => this.#files.read(`resources/${slug}/resource.json`)));
    return [...new Set([...Object.keys(BUILT_IN), ...folders.filter((_, index) => own[index])])].sort();
  }

  /** All resources, sorted by slug. */
  async list(): Promise<CatalogueEntry[]> {
    return Promise.all((await this.slugs()).map((slug) => this.#entry(slug)));
  }

  async #entry(slug: string): Promise<CatalogueEntry> {
    try {
      const resource = await this.#open(slug);
      return resource ? { slug, resource } : { slug, fault: `The resource ${slug} is gone` };
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
    const builtIn = Object.hasOwn(BUILT_IN, slug) ? BUILT_IN[slug] : undefined;
    // Both files in one directory are a resource of the user's; a page.hbs alone is a new look of the built-in one.
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
