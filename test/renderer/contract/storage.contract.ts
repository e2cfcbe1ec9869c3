import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DocumentStorage } from '../../../renderer/storage/storage.ts';

export interface StorageUnderTest {
  storage: DocumentStorage;
  /** What is behind a URL, as whoever is given it would fetch it. */
  fetchDocument(url: string): Promise<Buffer>;
  /** Names of all that is kept. */
  names(): Promise<string[]>;
  /** Makes the place unusable. */
  breakPlace(): Promise<void>;
  stop(): Promise<void>;
}

/** What every storage of documents does. */
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

    test('are found whole behind their URL', async () => {
      const pdf = Buffer.alloc(3_000_000, '%PDF-1.4 \u00ff\n', 'latin1');
      const url = await place.storage.save('a_B-9.pdf', pdf, 'Grid (a4).pdf');
      expect(URL.canParse(url)).toBe(true);
      expect((await place.fetchDocument(url)).equals(pdf)).toBe(true);
    });

    test('replace one of the same name and leave nothing else behind', async () => {
      await place.storage.save('twice.pdf', Buffer.from('first'), 'x.pdf');
      const url = await place.storage.save('twice.pdf', Buffer.from('second'), 'Māori – “x”.pdf');
      expect((await place.fetchDocument(url)).toString()).toBe('second');
      expect((await place.names()).filter((kept) => kept !== 'a_B-9.pdf')).toEqual(['twice.pdf']);
    });

    test('saved by several at once are one whole document', async () => {
      const bodies = Array.from({ length: 8 }, (_, i) => Buffer.alloc(200_000, String(i)));
      const urls = await Promise.all(bodies.map((pdf) => place.storage.save('race.pdf', pdf, 'x.pdf')));
      const kept = await place.fetchDocument(urls[0] ?? '');
      expect(bodies.some((pdf) => pdf.equals(kept))).toBe(true);
    });

    test('that cannot be saved are an error', async () => {
      await place.breakPlace();
      await expect(place.storage.save('late.pdf', Buffer.from('x'), 'x.pdf')).rejects.toThrow();
    });
  });
}
