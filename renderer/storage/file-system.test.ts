import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { FileSystemStorage } from './file-system.ts';
import { describeStorage } from '../../test/renderer/contract/storage.contract.ts';

describeStorage('a folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'documents-'));
  const directory = join(root, 'made', 'when needed');
  return {
    storage: new FileSystemStorage({ directory }),
    fetchDocument: (url) => readFile(fileURLToPath(url)),
    names: () => readdir(directory),
    breakPlace: async () => {
      await rm(root, { recursive: true });
      await writeFile(root, 'no folder');
    },
    stop: () => rm(root, { recursive: true }),
  };
});

test.each(['https://files.example/documents', 'https://files.example/documents/'])(
  'a folder that is served at %s gives URLs there',
  async (publicUrl) => {
    const directory = await mkdtemp(join(tmpdir(), 'documents-'));
    const storage = new FileSystemStorage({ directory, publicUrl });
    expect(await storage.save('a.pdf', Buffer.from('x'))).toBe('https://files.example/documents/a.pdf');
    await rm(directory, { recursive: true });
  },
);
