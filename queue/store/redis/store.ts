import type { Logger } from 'pino';
import { faults } from '../../wire/faults.ts';
import {
  LEASE_BYTES,
  type Deletion,
  type HeldLease,
  type LeaseOrder,
  type LeaseOutcome,
  type QueueNotice,
  type QueueRef,
  type ReadOptions,
  type Renewal,
  type StoredStats,
  type StoredTask,
  type TaskInsertion,
  type TaskRecord,
  type TaskStore,
} from '../task-store.ts';
import { commandsOf, type Commands } from './commands.ts';
import { connect, disconnect, lastFailure, type RedisConnection } from './connection.ts';
import { findUnfitness } from './fitness.ts';
import { findInconsistencies } from './integrity.ts';
import { KeyCache } from './keys.ts';
import { Notices } from './notices.ts';
import { unpackTask } from './packed-task.ts';
import { asFault } from './refusals.ts';
import type { RedisSettings } from './settings.ts';

/** Opens the store on a Redis, Valkey or Dragonfly server, behind Sentinel or a cluster; connects in the background. */
export function openRedisStore(settings: RedisSettings, logger: Logger): TaskStore {
  return new RedisTaskStore(
    connect(settings, 'renderfleet-queue', logger),
    connect(settings, 'renderfleet-queue-notices', logger),
  );
}

class RedisTaskStore implements TaskStore {
  readonly #redis: RedisConnection;
  readonly #subscriber: RedisConnection;
  readonly #commands: Commands;
  readonly #notices: Notices;
  readonly #keys = new KeyCache();

  constructor(redis: RedisConnection, subscriber: RedisConnection) {
    this.#redis = redis;
    this.#subscriber = subscriber;
    this.#commands = commandsOf(redis);
    this.#notices = new Notices(subscriber);
  }

  async insert(queue: QueueRef, { id, payload, tag }: TaskInsertion): Promise<TaskRecord> {
    const { all } = this.#keys.of(queue);
    const enqueued = await this.#run(this.#commands.insert(all, id, payload, tag ?? ''));
    if (enqueued === null) throw faults.nameTaken();
    return { id, tag: tag === '' ? undefined : tag, enqueued, leased: 0, retries: 0 };
  }

  async lease(queue: QueueRef, order: LeaseOrder): Promise<LeaseOutcome> {
    const { withDead } = this.#keys.of(queue);
    const { count, leaseSeconds, filter, maxAttempts = 0, payload = true } = order;
    const tag = filter.by === 'tag' ? filter.tag : '';
    for (;;) {
      const [wait, ...found] = await this.#run(
        this.#commands.lease(
          withDead,
          count,
          leaseSeconds,
          filter.by,
          tag,
          maxAttempts,
          LEASE_BYTES,
          payload ? 1 : 0,
        ),
      );
      const tasks = await this.#complete(queue, found as (Buffer | null)[], payload);
      if (tasks.length > 0 || wait === -1) return { tasks };
      // Nothing, though something is there: all that one call may look at went to the dead-letter queue.
      if (wait !== 0 || maxAttempts === 0) return { tasks, nextIn: wait as number };
    }
  }

  async renew(
    queue: QueueRef,
    { id, leaseSeconds, tag, fence, payload = true }: Renewal,
  ): Promise<StoredTask> {
    const { all } = this.#keys.of(queue);
    const change = tag === undefined ? '' : `=${tag}`;
    const reply = await this.#run(
      this.#commands.renew(all, id, leaseSeconds, leases(fence), change, payload ? 1 : 0),
    );
    if (!Array.isArray(reply)) throw refusal(reply);
    const [task] = await this.#complete(queue, [Buffer.from(id), ...reply], payload);
    if (!task) throw faults.unknownTask();
    return task;
  }

  async release(queue: QueueRef, leases: readonly HeldLease[]): Promise<void> {
    const held = leases.flatMap(({ id, leased }) => [id, leased]);
    await this.#run(this.#commands.release(this.#keys.of(queue).all, ...held));
  }

  async delete(queue: QueueRef, { id, fence, tombstoneSeconds }: Deletion): Promise<void> {
    const { all } = this.#keys.of(queue);
    const reply = await this.#run(this.#commands.delete(all, id, leases(fence), tombstoneSeconds));
    if (reply.toString() !== 'done') throw refusal(reply);
  }

  async get(queue: QueueRef, id: string, { payload: wanted = true }: ReadOptions = {}): Promise<StoredTask> {
    const [packed, payload] = await this.#run(
      this.#commands.get(this.#keys.of(queue).all, id, wanted ? 1 : 0),
    );
    const [task] = packed ? await this.#complete(queue, [Buffer.from(id), packed, payload], wanted) : [];
    if (!task) throw faults.unknownTask();
    return task;
  }

  async list(queue: QueueRef, limit: number, { payload = true }: ReadOptions = {}): Promise<StoredTask[]> {
    const { all } = this.#keys.of(queue);
    return this.#complete(queue, await this.#run(this.#commands.list(all, limit, payload ? 1 : 0)), payload);
  }

  async stats(queue: QueueRef, tag?: string): Promise<StoredStats> {
    const [total, available, oldest, leasedLastMinute, leasedLastHour] = await this.#run(
      this.#commands.stats(this.#keys.of(queue).all, tag === undefined ? '' : `=${tag}`),
    );
    return { total, available, oldest: Number(oldest.toString()), leasedLastMinute, leasedLastHour };
  }

  watch(queue: QueueRef, listener: (notice: QueueNotice) => void): Promise<() => void> {
    return this.#run(this.#notices.watch(this.#keys.of(queue).channel, listener));
  }

  async check(): Promise<string[]> {
    const problems = await this.#run(findUnfitness(this.#redis, this.#commands)).catch((error: unknown) => {
      const why = lastFailure(this.#redis);
      if (why === undefined) throw error;
      return [`${(error as Error).message} (${why})`];
    });
    if (this.#subscriber.status === 'ready') return problems;
    return [...problems, 'The connection to Redis on which notices come is not there.'];
  }

  inconsistencies(queue: QueueRef): Promise<string[]> {
    return findInconsistencies(this.#redis, this.#keys.of(queue));
  }

  close(): Promise<void> {
    disconnect(this.#subscriber);
    disconnect(this.#redis);
    return Promise.resolve();
  }

  /** Puts together what scripts answer: id, packed task and payload of each. Fetches wanted payloads that were too large. */
  async #complete(
    queue: QueueRef,
    found: readonly (Buffer | null)[],
    wanted: boolean,
  ): Promise<StoredTask[]> {
    const tasks: { id: string; packed: Buffer; payload: Buffer | null }[] = [];
    for (let at = 0; at < found.length; at += 3) {
      const [id, packed, payload] = [found[at], found[at + 1], found[at + 2]];
      if (id && packed) tasks.push({ id: id.toString(), packed, payload: payload ?? null });
    }
    if (!wanted) return tasks.map(({ id, packed }) => unpackTask(id, packed, undefined));
    const large = tasks.filter(({ payload }) => payload === null);
    if (large.length > 0) {
      const ids = large.map(({ id }) => id);
      const payloads = await this.#run(this.#redis.hmgetBuffer(this.#keys.of(queue).payloads, ...ids));
      for (const [at, task] of large.entries()) task.payload = payloads[at] ?? null;
    }
    // A task without a payload was deleted in the meantime.
    return tasks.flatMap(({ id, packed, payload }) => (payload ? [unpackTask(id, packed, payload)] : []));
  }

  async #run<T>(reply: Promise<T>): Promise<T> {
    try {
      return await reply;
    } catch (error) {
      throw asFault(error);
    }
  }
}

function leases(fence: readonly number[] | undefined): string {
  if (fence === undefined) return '';
  return fence.length === 0 ? 'none' : fence.join(',');
}

function refusal(word: Buffer): Error {
  const reason = word.toString();
  if (reason === 'moved') return faults.leaseMovedOn();
  return reason === 'expired' ? faults.leaseExpired() : faults.unknownTask();
}
