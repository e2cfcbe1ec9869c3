import type { FastifyReply, FastifyRequest } from 'fastify';

/** One line a request, without its query, headers and body, any of which may hold secrets. */
export function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode, elapsedTime } = reply;
  const line = {
    requestId: request.id,
    method: request.method,
    path: request.url.split('?', 1)[0],
    status: statusCode,
    durationMs: Math.round(elapsedTime * 1000) / 1000,
  };
  if (statusCode >= 500) request.log.warn(line, 'request failed');
  else if (request.routeOptions.config.quiet) request.log.debug(line, 'request');
  else request.log.info(line, 'request');
}
