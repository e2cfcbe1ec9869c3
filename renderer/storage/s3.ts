import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { DocumentStorage } from './storage.ts';

const CONNECT_MILLISECONDS = 5000;
const REQUEST_MILLISECONDS = 60_000;

export interface S3Options {
  bucket: string;
  /** Put before each object's name. */
  prefix: string;
  /** An S3-compatible service; undefined: AWS. */
  endpoint: string | undefined;
  region: string;
  /** Where the bucket is served; without it, URLs are signed and valid for `urlSeconds`. */
  publicUrl: string | undefined;
  urlSeconds: number;
}

/**
 * Saves documents in a bucket of an S3-compatible service. The SDK finds the credentials where it usually does: in the
 * environment, in files, or in the machine's role.
 */
export class S3Storage implements DocumentStorage {
  readonly #client: S3Client;
  readonly #options: S3Options;

  constructor(options: S3Options) {
    this.#options = options;
    this.#client = new S3Client({
      region: options.region,
      ...(options.endpoint !== undefined && { endpoint: options.endpoint, forcePathStyle: true }),
      requestHandler: {
        connectionTimeout: CONNECT_MILLISECONDS,
        requestTimeout: REQUEST_MILLISECONDS,
        throwOnRequestTimeout: true,
      },
    });
  }

  async save(name: string, pdf: Buffer, filename: string): Promise<string> {
    const { bucket, prefix, publicUrl, urlSeconds } = this.#options;
    const object = { Bucket: bucket, Key: prefix + name };
    await this.#client.send(
      new PutObjectCommand({
        ...object,
        Body: pdf,
        ContentType: 'application/pdf',
        ContentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
      }),
    );
    if (publicUrl !== undefined)
      return new URL(encodeURIComponent(name), publicUrl.replace(/\/?$/, '/')).href;
    return getSignedUrl(this.#client, new GetObjectCommand(object), { expiresIn: urlSeconds });
  }

  close(): Promise<void> {
    this.#client.destroy();
    return Promise.resolve();
  }
}
