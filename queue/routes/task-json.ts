import { LIMITS, TASK_KIND, TASK_QUEUE_KIND, TASKS_KIND } from '../wire/contract.ts';
import type { QueueRef, StoredStats, StoredTask } from '../store/task-store.ts';

/** How 64-bit integers travel: as JSON numbers, or as the strings that Google's generated clients expect. */
export type Int64Form = 'number' | 'string';

/**
 * Writes the contract's JSON by hand, as it is the service's hottest path. Ids, queue names and base64 consist of characters
 * that JSON need not escape; tags do not.
 */
export class TaskJson {
  readonly #quote: '' | '"';

  constructor(form: Int64Form) {
    this.#quote = form === 'string' ? '"' : '';
  }

  /** @param payloadBase64 left out when absent; the stored payload unless given */
  task(
    queue: string,
    { id, payload: stored, tag, enqueued, leased, retries }: StoredTask,
    payloadBase64 = stored?.toString('base64'),
  ): string {
    const q = this.#quote;
    const payload = payloadBase64 === undefined ? '' : `,"payloadBase64":"${payloadBase64}"`;
    const tagged = tag === undefined ? '' : `,"tag":${JSON.stringify(tag)}`;
    return `{"kind":"${TASK_KIND}","id":"${id}","queueName":"${queue}"${payload},"enqueueTimestamp":${q}${enqueued}${q},"leaseTimestamp":${q}${leased}${q},"retry_count":${retries}${tagged}}`;
  }

  tasks(queue: string, tasks: readonly StoredTask[]): string {
    return `{"kind":"${TASKS_KIND}","items":[${tasks.map((task) => this.task(queue, task)).join(',')}]}`;
  }

  /**
   * @param stats left out unless asked for
   * @param extended adds how many tasks are available and how many leased
   */
  taskQueue(
    { project, queue }: QueueRef,
    acl: { consumerEmails: string[]; producerEmails: string[]; adminEmails: string[] },
    maxLeases: number,
    stats: StoredStats | undefined,
    extended: boolean,
  ): string {
    return JSON.stringify({
      kind: TASK_QUEUE_KIND,
      id: `projects/${project}/taskqueues/${queue}`,
      maxLeases,
      ...(stats && { stats: this.#stats(stats, extended) }),
      acl,
    });
  }

  #stats(
    { total, available, oldest, leasedLastMinute, leasedLastHour }: StoredStats,
    extended: boolean,
  ): object {
    const int64 = (value: number) => (this.#quote ? String(value) : value);
    return {
      totalTasks: total,
      oldestTask: int64(Math.floor(oldest / 1e6)),
      leasedLastMinute: int64(leasedLastMinute),
      leasedLastHour: int64(leasedLastHour),
      ...(extended && { availableTasks: available, leasedTasks: total - available }),
    };
  }
}

/** Told as maxLeases: how many leases one call may take. */
export const MAX_LEASES = LIMITS.leaseTasks;
