import { FileSystemStorage, type FileSystemOptions } from './file-system.ts';
import type { S3Options } from './s3.ts';

/** Keeps documents that are too large for the queue. */
export interface DocumentStorage {
  /**
   * Saves a document, replacing one of the same name. The name consists of letters, digits, `_`, `-` and `.`; `filename`
   * is what a browser that downloads the document calls it. Resolves to the document's URL once all of it is saved.
   */
  save(name: string, pdf: Buffer, filename: string): Promise<string>;
  close(): Promise<void>;
}

/** Where documents go that are too large for the queue; without one, tasks with such documents fail. */
export type StorageConfig = ({ kind: 'file-system' } & FileSystemOptions) | ({ kind: 's3' } & S3Options);

/** Opens the configured storage, if there is one. */
export async function openStorage(config: StorageConfig | undefined): Promise<DocumentStorage | undefined> {
  if (config === undefined) return undefined;
  if (config.kind === 'file-system') return new FileSystemStorage(config);
  // Loading the SDK takes a tenth of the start-up time, so only renderers with a bucket load it.
  const { S3Storage } = await import('./s3.ts');
  return new S3Storage(config);
}
