import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { LRUCache } from 'lru-cache';
import mime from 'mime/lite';

/** A file as it was when it was read. As long as it is unchanged it gives the same object, which can be a cache key. */
export interface StaticFile {
  body: Buffer;
  contentType: string;
  /** Index of the directory that holds it. */
  directory: number;
}

interface Entry extends StaticFile {
  modified: number;
}

/** Paths whose lookup is cached for a while, at most. */
const TRUSTED_PATHS = 1000;

const NOT_THERE = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EISDIR', 'ELOOP']);

/**
 * Several directories that appear as one: the first directory that holds a file wins. Bodies are cached in memory, the least
 * recently used are evicted. New and changed files are noticed at once, or within `trustMilliseconds`, which saves a busy
 * renderer most calls to the file system.
 */
export class StaticFiles {
  readonly #directories: readonly string[];
  readonly #bodies: LRUCache<string, Entry>;
  readonly #found: LRUCache<string, Promise<StaticFile | undefined>> | undefined;
  readonly #listed: LRUCache<string, Promise<string[]>> | undefined;

  /** `cacheBytes` limits the cached bodies; a larger file is read each time. */
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
   * directory holds it, when it is not a regular file, or when the path or a symbolic link in it leads out of its directory
   * or to a hidden name. Rejects when a file exists but cannot be read.
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

  /** Names of the entries of a folder in all directories, sorted, without duplicates and hidden names. */
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

/** Whether no segment is empty (an absolute path), hidden or `..`, and no character has a special meaning. */
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
