/** Rules that all adapters of the port follow. */
import { deadLetterQueueName } from '../wire/dead-letter.ts';
import type { QueueRef } from './task-store.ts';

/** The queue that takes tasks of `queue` which have been leased too often. */
export function deadLetterQueue({ project, queue }: QueueRef): QueueRef {
  return { project, queue: deadLetterQueueName(queue) };
}

/** How much of an id is kept in deadLetterId(), in characters: ids have at most 500. */
export const DEAD_LETTER_ID_ROOM = 480;

/** A task's id in the dead-letter queue if its own is already taken there. */
export function deadLetterId(id: string, enqueued: number): string {
  return `${id.slice(0, DEAD_LETTER_ID_ROOM)}-${enqueued}`;
}

/** Limit of the payloads in one lease's answer, in bytes; a first task that exceeds it is leased alone. */
export const LEASE_BYTES = 64 * 1024 * 1024;

/** Lease ends are made unique within slots of this many microseconds: a lease may end that much later than asked for. */
export const LEASE_END_SLOT = 100_000;

/** The periods over which leases are counted, in seconds. */
export const STATS_SECONDS = { minute: 60, hour: 3600 } as const;

/** A step that brings a storage from the previous layout to the next. */
export interface Migration<Run> {
  /** The layout that the step leads to. */
  to: number;
  /** Must be safe to run again after it was interrupted. */
  run: Run;
}

/** The layout that this program reads and writes: the one that the last step leads to. */
export function currentLayout(migrations: readonly Migration<unknown>[]): number {
  return migrations.at(-1)?.to ?? 0;
}

/** Why a storage whose layout is newer than this program's cannot be used. @param storage such as "The task storage" */
export function newerLayout(
  storage: string,
  found: number,
  migrations: readonly Migration<unknown>[],
): string {
  return `${storage} has layout ${found}, but this version of Renderfleet supports layouts up to ${currentLayout(migrations)}. Use the version that wrote it or a newer one, or restore a backup from before the upgrade.`;
}
