import type { FastifyInstance, FastifyRequest } from 'fastify';
import { QueueFault } from '../wire/faults.ts';

/** What is taken as JSON besides JSON: what plain HTTP clients send when nobody tells them what the body is. */
const TAKEN =
  /^(application\/([\w.-]+\+)?json|text\/(plain|json)|application\/(octet-stream|x-www-form-urlencoded))\b/i;

/**
 * Takes bodies as text, without a content type too; handlers parse it, because some methods take no body and must not fail
 * over one. Any other content type, and a compressed body, is 415.
 */
export function registerBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    done(encodingFault(request), body);
  });
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    const type = request.headers['content-type'];
    if (type === undefined || TAKEN.test(type) || body === '') {
      done(encodingFault(request), body);
      return;
    }
    const message = `Content type ${type.slice(0, 100)} is not supported; send application/json.`;
    done(new QueueFault('unsupportedMediaType', message));
  });
}

/** Why a body in this encoding is refused; null when it is not. */
export function encodingFault({ headers }: FastifyRequest): QueueFault | null {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (/^(identity)?$/i.test(encoding)) return null;
  const message = `Content encoding ${encoding.slice(0, 100)} is not supported; send the body as it is.`;
  return new QueueFault('unsupportedMediaType', message);
}
