import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { LRUCache } from 'lru-cache';
import mime from 'mime/lite';

/** A file as it stood when it was read. The same unchanged file gives the same object, so it can key a cache. */
export interface StaticFile {
  body: Buffer;
  contentType: string;
  /** Which of the directories holds it, as an index into them. */
  directory: number;
}

interface Entry extends StaticFile {
  modified: number;
}

/** Paths whose whereabouts are trusted for a while, at most. */
const TRUSTED_PATHS = 1000;

const NOT_THERE = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EISDIR', 'ELOOP']);

/**
 * Files of several directories as if they were one: the first directory that holds a file wins. Bodies are kept in memory,
 * least recently used go first; a file that changed or a new one is seen once what was found before is no longer trusted:
 * at once, or with `trustMilliseconds` after that time, which spares a busy renderer most of its calls to the file system.
 */
export class StaticFiles {
  readonly #directories: readonly string[];
  readonly #bodies: LRUCache<string, Entry>;
  readonly #found: LRUCache<string, Promise<StaticFile | undefined>> | undefined;
  readonly #listed: LRUCache<string, Promise<string[]>> | undefined;

  /** `cacheBytes` bounds the bodies kept; a larger file is read each time. */
  constructor({
    directories,
    cacheBytes,
    trustMilliseconds = 0,
  }: {
    directories: readonly string[];
    cacheBytes: number;
    trustMilliseconds?: number;
  }) {
    this.#directories = directories;
    if (trustMilliseconds > 0) {
      const trust = { max: TRUSTED_PATHS, ttl: trustMilliseconds };
      this.#found = new LRUCache(trust);
      this.#listed = new LRUCache(trust);
    }
    this.#bodies = new LRUCache({
      maxSize: Math.max(1, Math.floor(cacheBytes)),
      sizeCalculation: ({ body }, path) => body.length + path.length + 1,
    });
  }

  /**
   * The file at a path such as `css/page.css`: relative, with forward slashes, not percent-encoded. Undefined when no
   * directory holds it, when it is no file, or when the path or a symbolic link in it leads out of its directory or to
   * a hidden name. Rejects when a file is there and cannot be read.
   */
  async read(path: string): Promise<StaticFile | undefined> {
    if (!isInside(path)) return undefined;
    const known = this.#found?.get(path);
    if (known) return known;
    const finding = this.#find(path);
    this.#found?.set(path, finding);
    return finding;
  }

  async #find(path: string): Promise<StaticFile | undefined> {
    for (const [index, directory] of this.#directories.entries()) {
      const file = await absent(this.#readFrom(directory, index, path));
      if (file) return file;
    }
    return undefined;
  }

  /** Names of what lies in a folder of any of the directories, sorted, each once; hidden names are left out. */
  async list(folder = ''): Promise<readonly string[]> {
    if (folder && !isInside(folder)) return [];
    const known = this.#listed?.get(folder);
    if (known) return known;
    const listing = this.#list(folder);
    this.#listed?.set(folder, listing);
    return listing;
  }

  async #list(folder: string): Promise<string[]> {
    const listings = await Promise.all(
      this.#directories.map(async (directory) => (await absent(readdir(join(directory, folder)))) ?? []),
    );
    return [...new Set(listings.flat())].filter((name) => !name.startsWith('.')).sort();
  }

  async #readFrom(directory: string, index: number, path: string): Promise<StaticFile | undefined> {
    const [root, real] = await Promise.all([realpath(directory), realpath(join(directory, path))]);
    if (!real.startsWith(root + sep)) return undefined;
    const found = await stat(real);
    if (!found.isFile()) return undefined;
    const known = this.#bodies.get(real);
    if (known?.modified === found.mtimeMs && known.body.length === found.size) return known;
    const contentType = mime.getType(path) ?? 'application/octet-stream';
    const file = { body: await readFile(real), contentType, directory: index, modified: found.mtimeMs };
    this.#bodies.set(real, file);
    return file;
  }
}

/** Whether no segment is empty (an absolute path), hidden, or a step up, and no character has a meaning of its own. */
function isInside(path: string): boolean {
  return (
    !/[\0\\]/.test(path) && path.split('/').every((segment) => segment !== '' && !segment.startsWith('.'))
  );
}

async function absent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (NOT_THERE.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
