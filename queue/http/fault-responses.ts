import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorEnvelope, FAULT_REASONS, QueueFault, type FaultReason } from '../wire/faults.ts';

/** Reasons of faults that Node or fastify finds, by their HTTP status. */
const REASONS: Record<number, FaultReason> = {
  404: 'notFound',
  405: 'httpMethodNotAllowed',
  408: 'requestTimeout',
  413: 'payloadTooLarge',
  414: 'uriTooLong',
  415: 'unsupportedMediaType',
  431: 'headersTooLarge',
};

/** The reason of a fault that is known by its HTTP status only; a status that is not listed becomes 400. */
export function reasonOf(status: number): FaultReason {
  return REASONS[status] ?? 'badRequest';
}

/** Sends a fault in the envelope, with the headers that its status calls for. */
export function sendFault(reply: FastifyReply, reason: FaultReason, message: string): FastifyReply {
  const { code } = FAULT_REASONS[reason];
  if (code === 503) void reply.header('retry-after', '1');
  if (code === 401) void reply.header('www-authenticate', 'Bearer realm="taskqueue"');
  return reply.code(code).type('application/json; charset=utf-8').send(errorEnvelope(reason, message));
}

/** Answers every fault, including fastify's own and unknown paths, with an envelope; only the log gets the causes. */
export function registerFaults(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | QueueFault>(async (error, request, reply) => {
    if (error instanceof QueueFault) {
      if (error.code >= 500)
        request.log.warn({ requestId: request.id, err: error.cause ?? error }, error.message);
      return sendFault(reply, error.reason, error.message);
    }
    const code = error.statusCode ?? 500;
    // An answer while the body still arrives would reset the connection, and the client would never see it.
    if (code === 413) await discardBody(request.raw);
    if (code >= 400 && code < 500) return sendFault(reply, reasonOf(code), error.message);
    request.log.error({ requestId: request.id, err: error }, 'request failed');
    return sendFault(reply, 'internalError', 'An internal error occurred.');
  });
  app.setNotFoundHandler((request, reply) => notFound(request, reply));
}

/** Reads on for as long as a request may take to arrive; then Node ends it. */
async function discardBody(request: IncomingMessage): Promise<void> {
  request.resume();
  await finished(request, { writable: false }).catch(() => undefined);
}

function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? '';
  return sendFault(reply, 'notFound', `Path ${path.slice(0, 200)} not found.`);
}

/** Answers 405 on a path for every method that it does not serve. */
export function refuseOtherMethods(app: FastifyInstance, url: string, served: readonly string[]): void {
  const allow = served.includes('GET') ? [...served, 'HEAD'] : [...served];
  const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
    (method) => !allow.includes(method),
  );
  app.route({
    method: others,
    url,
    handler: (request, reply) => {
      void reply.header('allow', allow.join(', '));
      const message = `${request.method} is not allowed here; allowed: ${allow.join(', ')}.`;
      return sendFault(reply, 'httpMethodNotAllowed', message);
    },
  });
}

/** Answers a request that is not HTTP, too large or too slow on the bare connection, and closes it. */
export function clientErrorHandler(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const reason = CLIENT_ERRORS[error.code ?? ''] ?? 'badRequest';
  const { code } = FAULT_REASONS[reason];
  const body = errorEnvelope(reason, 'The request is not valid HTTP, too large or too slow.');
  const head = `content-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}\r\n${head}\r\n\r\n${body}`);
}

const CLIENT_ERRORS: Record<string, FaultReason> = {
  HPE_HEADER_OVERFLOW: 'headersTooLarge',
  ERR_HTTP_REQUEST_TIMEOUT: 'requestTimeout',
};
