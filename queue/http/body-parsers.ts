import type { FastifyInstance, FastifyRequest } from 'fastify';
import { QueueFault } from '../wire/faults.ts';

/** Content types that are read as JSON: what plain HTTP clients send when they are not told what the body is. */
const READ_AS_JSON =
  /^(application\/([\w.-]+\+)?json|text\/(plain|json)|application\/(octet-stream|x-www-form-urlencoded))\b/i;

/**
 * Accepts bodies as text, also without a content type. Handlers parse them, because methods without a body must not fail on
 * one. Other content types and compressed bodies are answered with 415.
 */
export function registerBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    done(encodingFault(request), body);
  });
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    const type = request.headers['content-type'];
    if (type === undefined || READ_AS_JSON.test(type) || body === '') {
      done(encodingFault(request), body);
      return;
    }
    const message = `Content type ${type.slice(0, 100)} is not supported; send application/json.`;
    done(new QueueFault('unsupportedMediaType', message));
  });
}

/** The fault of a body in a content encoding that is not supported; null without one. */
export function encodingFault({ headers }: FastifyRequest): QueueFault | null {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (/^(identity)?$/i.test(encoding)) return null;
  const message = `Content encoding ${encoding.slice(0, 100)} is not supported; send the body uncompressed.`;
  return new QueueFault('unsupportedMediaType', message);
}
