import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DocumentStorage } from './storage.ts';

export interface FileSystemOptions {
  directory: string;
  /** Where the directory is served; without it, documents have file: URLs. */
  publicUrl?: string | undefined;
}

/** Saves documents in a directory; a reader sees a complete document or none. */
export class FileSystemStorage implements DocumentStorage {
  readonly #directory: string;
  readonly #publicUrl: string | undefined;

  constructor({ directory, publicUrl }: FileSystemOptions) {
    this.#directory = directory;
    this.#publicUrl = publicUrl;
  }

  async save(name: string, pdf: Buffer): Promise<string> {
    await mkdir(this.#directory, { recursive: true });
    const path = join(this.#directory, name);
    const partial = join(this.#directory, `.${randomUUID()}.part`);
    try {
      const file = await open(partial, 'wx');
      try {
        await file.writeFile(pdf);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    if (this.#publicUrl === undefined) return pathToFileURL(path).href;
    return new URL(encodeURIComponent(name), this.#publicUrl.replace(/\/?$/, '/')).href;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
