import { readdir, rm } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { S3Storage } from '../../renderer/storage/s3.ts';
import { describeStorage } from './contract/storage.contract.ts';
import { describeWith } from '../harness/describe-with.ts';
import { startS3, type S3Server } from '../harness/s3.ts';

const options = ({ endpoint, bucket }: Pick<S3Server, 'endpoint' | 'bucket'>) => ({
  ...{ endpoint, bucket, prefix: '', region: 'us-east-1', publicUrl: undefined, urlSeconds: 600 },
});

async function fetchDocument(url: string): Promise<Buffer> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/pdf');
  return Buffer.from(await response.arrayBuffer());
}

describeWith(['s3'], 'with an S3 server', () => {
  describeStorage('a bucket', async () => {
    const server = await startS3();
    process.env.AWS_ACCESS_KEY_ID = server.keys.access;
    process.env.AWS_SECRET_ACCESS_KEY = server.keys.secret;
    return {
      storage: new S3Storage(options(server)),
      fetchDocument,
      names: async () => (await readdir(server.folder)).filter((name) => !name.startsWith('.')),
      breakPlace: () => rm(server.folder, { recursive: true }),
      stop: () => server.stop(),
    };
  });

  describe('what is kept in a bucket', () => {
    test('cannot be written with wrong keys nor read without a signature, and has the configured prefix', async () => {
      const server = await startS3();
      process.env.AWS_ACCESS_KEY_ID = server.keys.access;
      process.env.AWS_SECRET_ACCESS_KEY = server.keys.secret;
      const publicUrl = 'https://cdn.example/pdf';
      const storage = new S3Storage({ ...options(server), prefix: 'deep/er/', publicUrl });
      expect(await storage.save('a.pdf', Buffer.from('x'), 'x.pdf')).toBe('https://cdn.example/pdf/a.pdf');
      expect(await readdir(`${server.folder}/deep/er`)).toEqual(['a.pdf']);
      expect((await fetch(`${server.endpoint}/${server.bucket}/deep/er/a.pdf`)).status).toBe(403);

      process.env.AWS_SECRET_ACCESS_KEY = 'wrong';
      const stranger = new S3Storage(options(server));
      await expect(stranger.save('b.pdf', Buffer.from('x'), 'x.pdf')).rejects.toThrow();
      await Promise.all([storage.close(), stranger.close(), server.stop()]);
    }, 600_000);
  });
});
