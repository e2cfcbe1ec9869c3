import { Catalogue } from './catalogue/catalogue.ts';
import { StaticFiles } from './catalogue/static-files.ts';

/** How long a changed or new file may go unseen. */
const TRUST_MILLISECONDS = 1000;

/** What documents are made from. */
export interface Sources {
  catalogue: Catalogue;
  /** The static directories: art, style sheets, fonts and resources. */
  files: StaticFiles;
  /** The template directories: `base.hbs`, the frame of every document, and users' own. */
  templates: StaticFiles;
}

export interface SourcesOptions {
  /** Searched in order; the first that holds a file wins. */
  staticDirectories: string[];
  templateDirectories: string[];
  /** How much of the files is kept in memory at most. */
  cacheBytes: number;
}

/** Opens the static and template directories and the catalogue of what is in them. */
export function openSources({ staticDirectories, templateDirectories, cacheBytes }: SourcesOptions): Sources {
  const trustMilliseconds = TRUST_MILLISECONDS;
  const files = new StaticFiles({ directories: staticDirectories, cacheBytes, trustMilliseconds });
  const templates = new StaticFiles({ directories: templateDirectories, cacheBytes, trustMilliseconds });
  return { files, templates, catalogue: new Catalogue(files) };
}
