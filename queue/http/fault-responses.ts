import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { QueueFault } from '../wire/faults.ts';

const REASONS: Record<number, string> = {
  400: 'badRequest',
  401: 'authError',
  403: 'forbidden',
  404: 'notFound',
  405: 'httpMethodNotAllowed',
  412: 'conditionNotMet',
  413: 'uploadTooLarge',
  414: 'badRequest',
  415: 'unsupportedMediaType',
  503: 'backendError',
};

/** Google's JSON error envelope. */
export function errorEnvelope(code: number, reason: string, message: string): string {
  return JSON.stringify({ error: { code, message, errors: [{ domain: 'global', reason, message }] } });
}

/** Sends a fault in the envelope. */
export function sendFault(reply: FastifyReply, code: number, reason: string, message: string): FastifyReply {
  if (code === 503) void reply.header('retry-after', '1');
  if (code === 401) void reply.header('www-authenticate', 'Bearer realm="taskqueue"');
  return reply
    .code(code)
    .type('application/json; charset=utf-8')
    .send(errorEnvelope(code, reason, message));
}

/** Makes every fault, fastify's own ones and unknown routes included, an envelope; only the log sees causes. */
export function registerFaults(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | QueueFault>(async (error, request, reply) => {
    if (error instanceof QueueFault) {
      if (error.code >= 500)
        request.log.warn({ requestId: request.id, err: error.cause ?? error }, error.message);
      return sendFault(reply, error.code, error.reason, error.message);
    }
    const code = error.statusCode ?? 500;
    // To answer and close while the body still comes would reset the connection, and the client would never see the answer.
    if (code === 413) await discardBody(request.raw);
    if (code >= 400 && code < 500)
      return sendFault(reply, code, REASONS[code] ?? 'badRequest', error.message);
    request.log.error({ requestId: request.id, err: error }, 'request failed');
    return sendFault(reply, 500, 'internalError', 'An internal error occurred.');
  });
  app.setNotFoundHandler((request, reply) => notFound(request, reply));
}

/** Reads on for as long as a request may take to come in; Node ends it then. */
async function discardBody(request: IncomingMessage): Promise<void> {
  request.resume();
  await finished(request, { writable: false }).catch(() => undefined);
}

function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? '';
  return sendFault(reply, 404, 'notFound', `There is nothing at ${path.slice(0, 200)}.`);
}

/** Answers 405 on a path for every method that it does not serve. */
export function refuseOtherMethods(app: FastifyInstance, url: string, served: readonly string[]): void {
  const allow = served.includes('GET') ? [...served, 'HEAD'] : [...served];
  const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
    (m) => !allow.includes(m),
  );
  app.route({
    method: others,
    url,
    handler: (request, reply) => {
      void reply.header('allow', allow.join(', '));
      const message = `${request.method} is not allowed here; allowed: ${allow.join(', ')}.`;
      return sendFault(reply, 405, 'httpMethodNotAllowed', message);
    },
  });
}

/** Answers what is not HTTP at all, or too much of it, on the bare connection, and closes that. */
export function clientErrorHandler(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const code = CLIENT_ERRORS[error.code ?? ''] ?? 400;
  const status = `${code} ${STATUS_CODES[code] ?? ''}`;
  const body = errorEnvelope(code, 'badRequest', 'The request is not valid HTTP, too large or too slow.');
  const head = `content-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${status}\r\n${head}\r\n\r\n${body}`);
}

const CLIENT_ERRORS: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
