import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Catalogue, fetchCatalogue } from './catalogue.ts';

const answer = {
  resources: [
    { slug: 'grid', name: 'Grid', options: { type: 'object', properties: {} } },
    {
      slug: 'bingo-card',
      name: 'Bingo',
      options: { properties: { size: { enum: [3, 5] }, free: { type: 'boolean' }, odd: true } },
    },
    { slug: 'broken', fault: 'The resource is malformed:\n  no name' },
  ],
};

describe('a catalogue', () => {
  const catalogue = new Catalogue(answer);

  test.each(['bingo-card', 'bingo_card', 'bingo_card.py'])('finds a resource as %s', (slug) => {
    expect(catalogue.find(slug).name).toBe('Bingo');
  });

  test('says which resources there are, and what is wrong with one', () => {
    expect(() => catalogue.find('gird')).toThrow(
      'Resource "gird" not found; known resources: grid, bingo-card, broken.',
    );
    expect(() => catalogue.find('broken')).toThrow('malformed');
  });

  test('is listed for people and for programs', () => {
    expect(catalogue.list(false).split('\n')).toEqual([
      'SLUG        NAME   OPTIONS',
      'grid        Grid',
      'bingo-card  Bingo  size (3, 5); free (boolean); odd (any)',
      'broken      -      The resource is malformed: no name',
    ]);
    expect(JSON.parse(catalogue.list(true).split('\n')[0] ?? '')).toEqual(answer.resources[0]);
  });
});

describe('asking a service for its catalogue', () => {
  const settings = { project: 'p', queue: 'q' };
  const { signal } = new AbortController();
  let server: Server | undefined;
  const serve = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    server?.close();
  });

  test.each(['', '/', '/catalogue'])(
    'works with %j behind its address, and sends the token',
    async (path) => {
      const seen: unknown[] = [];
      const queueUrl = await serve((request, response) => {
        seen.push(request.url, request.headers.authorization);
        response.end(JSON.stringify(answer));
      });
      const options = { ...settings, queueUrl, catalogueUrl: queueUrl + path, token: 'secret' };
      expect((await fetchCatalogue(options, signal)).resources).toHaveLength(3);
      expect(seen).toEqual(['/catalogue', 'Bearer secret']);
    },
  );

  test('does not send the token to another service', async () => {
    const seen: unknown[] = [];
    const catalogueUrl = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end(JSON.stringify(answer));
    });
    const options = { ...settings, queueUrl: 'http://queue.invalid', catalogueUrl, token: 'secret' };
    await fetchCatalogue(options, signal);
    expect(seen).toEqual([undefined]);
  });

  test.each([
    [404, '{}', 'it answered 404'],
    [200, '{}', 'the answer is not a catalogue'],
    [200, '<html>', 'the answer is not a catalogue'],
  ])('a service that answers %d %s has none', async (code, body, why) => {
    const queueUrl = await serve((_request, response) => response.writeHead(code).end(body));
    await expect(fetchCatalogue({ ...settings, queueUrl }, signal)).rejects.toThrow(
      `No catalogue at ${queueUrl}/catalogue: ${why}.`,
    );
  });
});
