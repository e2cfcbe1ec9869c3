import pLimit from 'p-limit';
import type { QueueClient } from '../../queue/client.ts';
import type { Task } from '../../queue/wire/contract.ts';
import { QueueError, type FaultReason } from '../../queue/wire/faults.ts';
import type { Clock } from '../../service/deadline.ts';

/** Why the queue service refuses a call about a task that this process no longer holds. */
const LOST: readonly FaultReason[] = ['taskNotFound', 'leaseExpired', 'leaseSuperseded'];

interface LeaseOptions {
  client: QueueClient;
  /** Length of the lease in seconds. */
  seconds: number;
  /** The clock's reading before the lease was requested. */
  askedAt: number;
  clock: Clock;
}

/**
 * A task that this process holds. Its age counts from before the request for it was sent, by a monotonic clock, so that the
 * lease never ends at the queue service before it ends here. Calls for one task are sent one at a time, because each renewal
 * invalidates the previous fencing token.
 */
export class Lease {
  readonly #client: QueueClient;
  readonly #seconds: number;
  readonly #clock: Clock;
  readonly #lost = new AbortController();
  readonly #inTurn = pLimit(1);
  #task: Task;
  #provenAt: number;
  #ended = false;
  #renewing = false;

  constructor(task: Task, { client, seconds, askedAt, clock }: LeaseOptions) {
    this.#task = task;
    this.#client = client;
    this.#seconds = seconds;
    this.#provenAt = askedAt;
    this.#clock = clock;
  }

  get task(): Task {
    return this.#task;
  }

  /** Aborted once the task is known to be no longer held. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Milliseconds since the queue service last confirmed the lease. */
  get age(): number {
    return this.#clock() - this.#provenAt;
  }

  /** Whether a renewal is in progress. */
  get renewing(): boolean {
    return this.#renewing;
  }

  get #expired(): boolean {
    return this.age >= this.#seconds * 1000;
  }

  /**
   * Extends the lease by its full length from now. The lease is lost when the queue service says so, or when it has expired
   * and the call fails; any other failure is thrown, for the caller to try again.
   */
  async renew(): Promise<void> {
    this.#renewing = true;
    try {
      await this.#inTurn(() => this.#renew());
    } finally {
      this.#renewing = false;
    }
  }

  async #renew(): Promise<void> {
    if (this.#ended || this.#lost.signal.aborted) return;
    const askedAt = this.#clock();
    try {
      this.#task = { ...this.#task, ...(await this.#client.renew(this.#task, this.#seconds)) };
      this.#provenAt = askedAt;
    } catch (error) {
      if (isLost(error)) this.#lost.abort(error);
      else if (this.#expired) this.#lost.abort(new Error('The lease expired before it could be renewed.'));
      else throw error;
    }
  }

  /** Returns the task to the queue, available at once. Resolves to whether this process still held it. */
  release(): Promise<boolean> {
    return this.#end(() => this.#client.renew(this.#task, 0));
  }

  /** Deletes the finished task. Resolves to whether this process still held it. */
  finish(): Promise<boolean> {
    return this.#end(() => this.#client.delete(this.#task));
  }

  #end(call: () => Promise<unknown>): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.#lost.signal.aborted) return false;
      try {
        await call();
      } catch (error) {
        if (!isLost(error)) throw error;
        return false;
      }
      this.#ended = true;
      return true;
    });
  }
}

/** Whether the queue service says that the task was deleted, was leased by somebody else, or that its lease has expired. */
function isLost(error: unknown): boolean {
  return error instanceof QueueError && LOST.some((reason) => reason === error.reason);
}
