/** The port behind which tasks are kept. Its adapters pass one contract suite: task-store.contract.ts. */

export interface QueueRef {
  project: string;
  queue: string;
}

/** A task as it is kept; times in microseconds since the epoch, `leased` 0 when it was never leased. */
export interface StoredTask {
  id: string;
  payload: Buffer;
  tag?: string | undefined;
  enqueued: number;
  /** The end of the newest lease: unique in its queue, hence a fencing token. */
  leased: number;
  retries: number;
}

export interface TaskInsertion {
  id: string;
  payload: Buffer;
  tag?: string | undefined;
}

/** Which tasks a lease may take: all, those of one tag ('' for untagged ones), or those of the oldest one's tag. */
export type TagFilter = { by: 'any' } | { by: 'tag'; tag: string } | { by: 'oldest' };

export interface LeaseOrder {
  count: number;
  leaseSeconds: number;
  filter: TagFilter;
  /** A task leased that often goes to the dead-letter queue instead of being leased again. */
  maxAttempts?: number | undefined;
}

export interface LeaseOutcome {
  tasks: StoredTask[];
  /** When nothing was leased: microseconds until the next task that fits comes back, if there is one. */
  nextIn?: number | undefined;
}

/** Leases that the caller claims to hold, any of them; absent when it does not ask for the check. */
export type Fence = readonly number[] | undefined;

export interface Renewal {
  id: string;
  leaseSeconds: number;
  /** A new tag, '' to take it off; absent leaves it. */
  tag?: string | undefined;
  fence?: Fence;
}

export interface Deletion {
  id: string;
  fence?: Fence;
  /** How long the name stays taken. */
  tombstoneSeconds: number;
}

/** Counts of a queue or of one tag in it. */
export interface StoredStats {
  total: number;
  available: number;
  /** Enqueue time, in microseconds, of the task that is or was next to be leased; 0 when there is none. */
  oldest: number;
  /** Leases of the whole queue, whatever the tag. */
  leasedLastMinute: number;
  leasedLastHour: number;
}

/** What happened in a queue; `missed` when notices may have been lost, so that all is to be looked at again. */
export type QueueNotice = { kind: 'available' | 'removed'; tag: string } | { kind: 'missed' };

/**
 * Every operation is atomic and throws a QueueFault: of the table in faults.ts, or `unavailable` when the storage cannot be
 * reached or refuses writes. Time is the storage's own and never goes back.
 */
export interface TaskStore {
  insert(queue: QueueRef, task: TaskInsertion): Promise<StoredTask>;
  lease(queue: QueueRef, order: LeaseOrder): Promise<LeaseOutcome>;
  /** Moves the end of an unexpired lease; 0 seconds make the task available at once. */
  renew(queue: QueueRef, renewal: Renewal): Promise<StoredTask>;
  /** Undoes leases that never reached their caller: available at once, the attempt not counted. Others are left. */
  giveBack(queue: QueueRef, tasks: readonly StoredTask[]): Promise<void>;
  delete(queue: QueueRef, deletion: Deletion): Promise<void>;
  get(queue: QueueRef, id: string): Promise<StoredTask>;
  /** At most `limit` tasks, oldest ETA first. */
  list(queue: QueueRef, limit: number): Promise<StoredTask[]>;
  /** @param tag counts of this tag only, '' for untagged tasks */
  stats(queue: QueueRef, tag?: string): Promise<StoredStats>;
  /** Calls back on every change from the moment the promise is fulfilled until the returned function is called. */
  watch(queue: QueueRef, listener: (notice: QueueNotice) => void): Promise<() => void>;
  /** Proves a write. @returns why the storage is not fit for use; empty when it is */
  check(): Promise<string[]>;
  /** For tests: what is inconsistent between indexes and tasks; empty when nothing is. */
  inconsistencies(queue: QueueRef): Promise<string[]>;
  close(): Promise<void>;
}

/** The queue that tasks of `queue` go to when they were leased too often. */
export function deadLetterQueue({ project, queue }: QueueRef): QueueRef {
  return { project, queue: `${queue}-dead` };
}

/** The name of a task in the dead-letter queue where its own is taken there already. */
export function deadLetterName(id: string, enqueued: number): string {
  return `${id.slice(0, 480)}-${enqueued}`;
}

/** Payloads in one lease's answer at most, in bytes; a first task that is larger goes alone. */
export const LEASE_BYTES = 64 * 1024 * 1024;
