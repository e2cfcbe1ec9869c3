import type { Logger } from 'pino';
import { faults } from '../../wire/faults.ts';
import { LEASE_BYTES } from '../rules.ts';
import type {
  Deletion,
  Fence,
  HeldLease,
  LeaseOrder,
  LeaseOutcome,
  QueueEvent,
  QueueRef,
  ReadOptions,
  Renewal,
  StoredStats,
  StoredTask,
  TaskInsertion,
  TaskRecord,
  TaskStore,
} from '../task-store.ts';
import { commandsOf, type Commands } from './commands.ts';
import { connect, disconnect, type RedisConnection } from './connection.ts';
import { findProblems } from './health.ts';
import { KeyCache } from './keys.ts';
import { RedisLayout } from './layout.ts';
import { QueueEvents } from './events.ts';
import { asFault, refusal, unpackTask } from './replies.ts';
import type { RedisSettings } from './settings.ts';

/**
 * Opens the store on a Redis, Valkey or Dragonfly server, behind Sentinel or a cluster. It connects in the background, and
 * refuses every operation until it has checked the layout of what is stored there.
 */
export function openRedisStore(settings: RedisSettings, logger: Logger): TaskStore {
  const redis = connect(settings, 'renderfleet-queue', logger);
  const subscriber = connect(settings, 'renderfleet-queue-events', logger);
  return new RedisTaskStore(redis, subscriber, logger);
}

class RedisTaskStore implements TaskStore {
  readonly #redis: RedisConnection;
  readonly #subscriber: RedisConnection;
  readonly #commands: Commands;
  readonly #layout: RedisLayout;
  readonly #events: QueueEvents;
  readonly #keys = new KeyCache();

  constructor(redis: RedisConnection, subscriber: RedisConnection, logger: Logger) {
    this.#redis = redis;
    this.#subscriber = subscriber;
    this.#commands = commandsOf(redis);
    this.#layout = new RedisLayout(redis, this.#commands, logger);
    this.#events = new QueueEvents(subscriber);
    // After a reconnect this may be another server, or one with a restored backup.
    redis.on('close', () => {
      this.#layout.forget();
    });
    redis.on('ready', () => {
      this.#layout.check().catch(() => undefined);
    });
  }

  async insert(queue: QueueRef, { id, payload, tag = '' }: TaskInsertion): Promise<TaskRecord> {
    const { all } = this.#keys.of(queue);
    const enqueued = await this.#run(() => this.#commands.insert(all, id, payload, tag));
    if (enqueued === null) throw faults.taskNameTaken();
    return { id, tag: tag === '' ? undefined : tag, enqueued, leased: 0, retries: 0 };
  }

  async lease(queue: QueueRef, order: LeaseOrder): Promise<LeaseOutcome> {
    const { withDead } = this.#keys.of(queue);
    const { count, leaseSeconds, filter, maxAttempts = 0, payload = true } = order;
    const tag = filter.by === 'tag' ? filter.tag : '';
    const lease = () =>
      this.#commands.lease(
        withDead,
        count,
        leaseSeconds,
        filter.by,
        tag,
        maxAttempts,
        LEASE_BYTES,
        payload ? 1 : 0,
      );
    for (;;) {
      const [wait, ...found] = await this.#run(lease);
      const tasks = await this.#complete(queue, found as (Buffer | null)[], payload);
      if (tasks.length > 0 || wait === -1) return { tasks };
      // None is leased although some are available: all that one call may look at went to the dead-letter queue.
      if (wait !== 0 || maxAttempts === 0) return { tasks, nextIn: wait as number };
    }
  }

  async renew(queue: QueueRef, renewal: Renewal): Promise<StoredTask> {
    const { id, leaseSeconds, tag, fence, payload = true } = renewal;
    const { all } = this.#keys.of(queue);
    const change = tag === undefined ? '' : `=${tag}`;
    const reply = await this.#run(() =>
      this.#commands.renew(all, id, leaseSeconds, leases(fence), change, payload ? 1 : 0),
    );
    if (!Array.isArray(reply)) throw refusal(reply);
    const [task] = await this.#complete(queue, [Buffer.from(id), ...reply], payload);
    if (!task) throw faults.taskNotFound();
    return task;
  }

  async release(queue: QueueRef, held: readonly HeldLease[]): Promise<void> {
    const { all } = this.#keys.of(queue);
    const values = held.flatMap(({ id, leased }) => [id, leased]);
    await this.#run(() => this.#commands.release(all, ...values));
  }

  async delete(queue: QueueRef, { id, fence, tombstoneSeconds }: Deletion): Promise<void> {
    const { all } = this.#keys.of(queue);
    const reply = await this.#run(() => this.#commands.delete(all, id, leases(fence), tombstoneSeconds));
    if (reply.toString() !== 'done') throw refusal(reply);
  }

  async get(queue: QueueRef, id: string, { payload: wanted = true }: ReadOptions = {}): Promise<StoredTask> {
    const { all } = this.#keys.of(queue);
    const [packed, payload] = await this.#run(() => this.#commands.get(all, id, wanted ? 1 : 0));
    const [task] = packed ? await this.#complete(queue, [Buffer.from(id), packed, payload], wanted) : [];
    if (!task) throw faults.taskNotFound();
    return task;
  }

  async list(queue: QueueRef, limit: number, { payload = true }: ReadOptions = {}): Promise<StoredTask[]> {
    const { all } = this.#keys.of(queue);
    const found = await this.#run(() => this.#commands.list(all, limit, payload ? 1 : 0));
    return this.#complete(queue, found, payload);
  }

  async stats(queue: QueueRef, tag?: string): Promise<StoredStats> {
    const { all } = this.#keys.of(queue);
    const [total, available, oldest, leasedLastMinute, leasedLastHour] = await this.#run(() =>
      this.#commands.stats(all, tag === undefined ? '' : `=${tag}`),
    );
    return { total, available, oldest: Number(oldest.toString()), leasedLastMinute, leasedLastHour };
  }

  watch(queue: QueueRef, listener: (event: QueueEvent) => void): Promise<() => void> {
    return this.#run(() => this.#events.watch(this.#keys.of(queue).channel, listener));
  }

  check(): Promise<string[]> {
    return findProblems({
      redis: this.#redis,
      subscriber: this.#subscriber,
      commands: this.#commands,
      layout: this.#layout,
    });
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
    if (!wanted) return tasks.map(({ id, packed }) => unpackTask(id, packed));
    const large = tasks.filter(({ payload }) => payload === null);
    if (large.length > 0) {
      const ids = large.map(({ id }) => id);
      const key = this.#keys.of(queue).payloads;
      const payloads = await this.#run(() => this.#redis.hmgetBuffer(key, ...ids));
      for (const [at, task] of large.entries()) task.payload = payloads[at] ?? null;
    }
    // A task without a payload was deleted in the meantime.
    return tasks.flatMap(({ id, packed, payload }) => (payload ? [unpackTask(id, packed, payload)] : []));
  }

  async #run<T>(operation: () => Promise<T>): Promise<T> {
    try {
      if (this.#layout.problem !== undefined) await this.#layout.require();
      return await operation();
    } catch (error) {
      throw asFault(error);
    }
  }
}

function leases(fence: Fence): string {
  if (fence === undefined) return '';
  return fence.length === 0 ? 'none' : fence.join(',');
}
