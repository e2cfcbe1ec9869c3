import type { StorageConfig } from '../config.ts';
import { FileSystemStorage } from './file-system.ts';
import type { DocumentStorage } from './storage.ts';

/** The storage that is configured, if any. */
export async function createStorage(config: StorageConfig | undefined): Promise<DocumentStorage | undefined> {
  if (config === undefined) return undefined;
  if (config.kind === 'file-system') return new FileSystemStorage(config);
  // A tenth of what a start takes, which only those with a bucket need to spend.
  const { S3Storage } = await import('./s3.ts');
  return new S3Storage(config);
}
