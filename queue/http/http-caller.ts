import type { FastifyReply } from 'fastify';
import type { Caller } from '../long-poll/waiter.ts';

/** The caller behind a request's connection. */
export class HttpCaller implements Caller {
  readonly #reply: FastifyReply;
  #signal: AbortSignal | undefined;

  constructor(reply: FastifyReply) {
    this.#reply = reply;
  }

  get gone(): boolean {
    return this.#reply.raw.destroyed || (this.#reply.raw.socket?.destroyed ?? false);
  }

  get signal(): AbortSignal {
    this.#signal ??= this.#watch();
    return this.#signal;
  }

  #watch(): AbortSignal {
    if (this.gone) return AbortSignal.abort();
    const controller = new AbortController();
    this.#reply.raw.once('close', () => {
      controller.abort();
    });
    return controller.signal;
  }
}
