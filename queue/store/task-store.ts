/** The port to the task storage; rules.ts has what its adapters share. Its adapters pass one contract suite: test/queue/contract/. */

export interface QueueRef {
  project: string;
  queue: string;
}

/** What the store knows of a task besides its payload; times in microseconds since the epoch. */
export interface TaskRecord {
  id: string;
  tag?: string | undefined;
  enqueued: number;
  /** The end of the newest lease, 0 if never leased: unique in its queue, hence a fencing token. */
  leased: number;
  retries: number;
}

export interface StoredTask extends TaskRecord {
  /** Absent when the caller did not want it. */
  payload?: Buffer | undefined;
}

/** What to read of the tasks that an operation returns. */
export interface ReadOptions {
  /** Whether payloads are wanted, true by default; one that is not wanted is never read from storage. */
  payload?: boolean | undefined;
}

export interface TaskInsertion {
  id: string;
  payload: Buffer;
  tag?: string | undefined;
}

/** Which tasks a lease may take: all, those of one tag ('' for untagged ones), or those of the oldest one's tag. */
export type TagFilter = { by: 'any' } | { by: 'tag'; tag: string } | { by: 'oldest' };

export interface LeaseOrder extends ReadOptions {
  count: number;
  leaseSeconds: number;
  filter: TagFilter;
  /** A task that has been leased this many times goes to the dead-letter queue instead. */
  maxAttempts?: number | undefined;
}

export interface LeaseOutcome {
  tasks: StoredTask[];
  /** If nothing was leased: microseconds until the next matching task becomes available; absent if there is none. */
  nextIn?: number | undefined;
}

/** Lease ends, one of which must be the task's newest; absent to skip the check. */
export type Fence = readonly number[] | undefined;

export interface Renewal extends ReadOptions {
  id: string;
  leaseSeconds: number;
  /** The new tag, '' to remove it; absent to keep the old one. */
  tag?: string | undefined;
  fence?: Fence;
}

/** A lease, identified by its task and its end. */
export type HeldLease = Pick<TaskRecord, 'id' | 'leased'>;

export interface Deletion {
  id: string;
  fence?: Fence;
  /** How long the id cannot be used again. */
  tombstoneSeconds: number;
}

/** Counts of a queue or of one tag in it. */
export interface StoredStats {
  total: number;
  available: number;
  /** Enqueue time, in microseconds, of the task with the earliest ETA; 0 if there is none. */
  oldest: number;
  /** Leases of the whole queue, regardless of the tag. */
  leasedLastMinute: number;
  leasedLastHour: number;
}

/** What happened in a queue; `missed` when events may have been lost, so watchers must look again. */
export type QueueEvent = { kind: 'available' | 'removed'; tag: string } | { kind: 'missed' };

/**
 * Every operation is atomic. It throws a QueueFault with a reason of FAULT_REASONS, `storeUnavailable` if the storage is
 * unreachable or refuses writes. Time is the storage's own and never goes back.
 */
export interface TaskStore {
  insert(queue: QueueRef, task: TaskInsertion): Promise<TaskRecord>;
  lease(queue: QueueRef, order: LeaseOrder): Promise<LeaseOutcome>;
  /** Moves the end of an unexpired lease; with 0 seconds the task is available at once. */
  renew(queue: QueueRef, renewal: Renewal): Promise<StoredTask>;
  /**
   * Undoes leases that never reached their caller: the tasks are available at once and the attempt does not count. Leases
   * that have expired or been replaced are left alone.
   */
  release(queue: QueueRef, leases: readonly HeldLease[]): Promise<void>;
  delete(queue: QueueRef, deletion: Deletion): Promise<void>;
  get(queue: QueueRef, id: string, options?: ReadOptions): Promise<StoredTask>;
  /** At most `limit` tasks, oldest ETA first. */
  list(queue: QueueRef, limit: number, options?: ReadOptions): Promise<StoredTask[]>;
  /** @param tag counts of this tag only, '' for untagged tasks */
  stats(queue: QueueRef, tag?: string): Promise<StoredStats>;
  /** Calls back on every change from the moment the promise resolves until the returned function is called. */
  watch(queue: QueueRef, listener: (event: QueueEvent) => void): Promise<() => void>;
  /** Proves that the storage takes a write. @returns why it cannot be used; empty if it can */
  check(): Promise<string[]>;
  close(): Promise<void>;
}
