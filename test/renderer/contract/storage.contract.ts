import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DocumentStorage } from '../../../renderer/storage/storage.ts';

export interface StorageUnderTest {
  storage: DocumentStorage;
  /** The content at a URL, fetched as a client would. */
  fetchDocument(url: string): Promise<Buffer>;
  /** Names of all saved documents. */
  names(): Promise<string[]>;
  /** Makes the storage unusable. */
  breakPlace(): Promise<void>;
  stop(): Promise<void>;
}

/** The contract of every document storage. */
export function describeStorage(name: string, open: () => Promise<StorageUnderTest>): void {
  describe(`documents kept in ${name}`, () => {
    let place: StorageUnderTest;
    beforeAll(async () => {
      place = await open();
    }, 600_000);
    afterAll(async () => {
      await place.storage.close();
      await place.stop();
    });

    test('are complete at their URL', async () => {
      const pdf = Buffer.alloc(3_000_000, '%PDF-1.4 \u00ff\n', 'latin1');
      const url = await place.storage.save('a_B-9.pdf', pdf, 'Grid (a4).pdf');
      expect(URL.canParse(url)).toBe(true);
      expect((await place.fetchDocument(url)).equals(pdf)).toBe(true);
    });

    test('replace one of the same name and leave nothing else', async () => {
      await place.storage.save('twice.pdf', Buffer.from('first'), 'x.pdf');
      const url = await place.storage.save('twice.pdf', Buffer.from('second'), 'Māori – “x”.pdf');
      expect((await place.fetchDocument(url)).toString()).toBe('second');
      expect((await place.names()).filter((kept) => kept !== 'a_B-9.pdf')).toEqual(['twice.pdf']);
    });

    test('saved by several at once result in one complete document', async () => {
      const bodies = Array.from({ length: 8 }, (_, i) => Buffer.alloc(200_000, String(i)));
      const urls = await Promise.all(bodies.map((pdf) => place.storage.save('race.pdf', pdf, 'x.pdf')));
      const kept = await place.fetchDocument(urls[0] ?? '');
      expect(bodies.some((pdf) => pdf.equals(kept))).toBe(true);
    });

    test('that cannot be saved cause an error', async () => {
      await place.breakPlace();
      await expect(place.storage.save('late.pdf', Buffer.from('x'), 'x.pdf')).rejects.toThrow();
    });
  });
}
