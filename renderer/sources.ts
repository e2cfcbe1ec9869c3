import { worksheets } from '../catalogues/worksheets/worksheets.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import { StaticFiles } from './catalogue/static-files.ts';
import type { Sources } from './compose/render-task.ts';

/** How long a changed or new file may go unnoticed. */
const TRUST_MILLISECONDS = 1000;

export interface SourcesOptions {
  /** Searched in order; the first that holds a file wins. */
  staticDirectories: readonly string[];
  templateDirectories: readonly string[];
  /** Bytes of files kept in memory, at most. */
  cacheBytes: number;
}

/** Opens the static and template directories and the catalogue, which holds the built-in resources and users' own. */
export function openSources({ staticDirectories, templateDirectories, cacheBytes }: SourcesOptions): Sources {
  const trustMilliseconds = TRUST_MILLISECONDS;
  const files = new StaticFiles({ directories: staticDirectories, cacheBytes, trustMilliseconds });
  const templates = new StaticFiles({ directories: templateDirectories, cacheBytes, trustMilliseconds });
  return { files, templates, catalogue: new Catalogue(files, worksheets) };
}
