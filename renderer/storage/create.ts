import type { StorageConfig } from '../config.ts';
import { FileSystemStorage } from './file-system.ts';
import { S3Storage } from './s3.ts';
import type { DocumentStorage } from './storage.ts';

/** The storage that is configured, if any. */
export function createStorage(config: StorageConfig | undefined): DocumentStorage | undefined {
  if (config === undefined) return undefined;
  return config.kind === 's3' ? new S3Storage(config) : new FileSystemStorage(config);
}
