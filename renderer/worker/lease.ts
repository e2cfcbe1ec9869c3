import { QueueError, type QueueClient } from '../../queue/client.ts';
import type { Task } from '../../queue/wire/contract.ts';

/** Milliseconds of a clock that never goes back. */
export type Clock = () => number;

/**
 * A task that this process holds. The lease counts from before the call that got it was sent, by a clock of our own that
 * never goes back, so what we take for ours the queue service does too. Calls for one task go out one after the other,
 * because each renewal makes the fencing token of the one before invalid.
 */
export class Lease {
  readonly #client: QueueClient;
  readonly #seconds: number;
  readonly #clock: Clock;
  readonly #lost = new AbortController();
  #task: Task;
  #provenAt: number;
  #calls: Promise<unknown> = Promise.resolve();
  #ended = false;
  #renewing = false;

  /** `askedAt` is the clock's reading before the lease was asked for, `seconds` its length. */
  constructor(
    task: Task,
    {
      client,
      seconds,
      askedAt,
      clock,
    }: { client: QueueClient; seconds: number; askedAt: number; clock: Clock },
  ) {
    this.#task = task;
    this.#client = client;
    this.#seconds = seconds;
    this.#provenAt = askedAt;
    this.#clock = clock;
  }

  get task(): Task {
    return this.#task;
  }

  /** Aborted as soon as the task is known to be no longer ours. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Milliseconds since the queue service last said that the task is ours. */
  get age(): number {
    return this.#clock() - this.#provenAt;
  }

  /** Whether a renewal is under way. */
  get renewing(): boolean {
    return this.#renewing;
  }

  get #expired(): boolean {
    return this.age >= this.#seconds * 1000;
  }

  /**
   * Extends the lease by its length from now. A lease that the queue service no longer honours, or that it cannot be
   * asked about until the end, is lost; a passing fault is thrown for the caller to try again.
   */
  async renew(): Promise<void> {
    this.#renewing = true;
    try {
      await this.#renew();
    } finally {
      this.#renewing = false;
    }
  }

  #renew(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#ended || this.#lost.signal.aborted) return;
      const askedAt = this.#clock();
      try {
        this.#task = { ...this.#task, ...(await this.#client.renew(this.#task, this.#seconds)) };
        this.#provenAt = askedAt;
      } catch (error) {
        if (isGone(error)) this.#lost.abort(error);
        else if (this.#expired)
          this.#lost.abort(new Error('The lease ran out while the queue was out of reach.'));
        else throw error;
      }
    });
  }

  /** Hands the task back so that anybody may lease it at once. Resolves to whether the queue service took it. */
  giveBack(): Promise<boolean> {
    return this.#end(() => this.#client.renew(this.#task, 0));
  }

  /** Deletes the finished task. Resolves to whether it was still ours to delete. */
  finish(): Promise<boolean> {
    return this.#end(() => this.#client.delete(this.#task));
  }

  #end(call: () => Promise<unknown>): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.#lost.signal.aborted) return false;
      try {
        await call();
      } catch (error) {
        if (!isGone(error)) throw error;
        return false;
      }
      this.#ended = true;
      return true;
    });
  }

  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const turn = this.#calls.then(call);
    this.#calls = turn.catch(() => undefined);
    return turn;
  }
}

/** Whether the queue service says that a task is deleted, leased by somebody else since, or its lease run out. */
function isGone(error: unknown): boolean {
  return error instanceof QueueError && [400, 404, 412].includes(error.code);
}
