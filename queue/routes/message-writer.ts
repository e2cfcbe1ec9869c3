import type { z } from 'zod';
import type { QueueRef, StoredStats, StoredTask } from '../store/task-store.ts';
import {
  LIMITS,
  TASK_KIND,
  TASK_QUEUE_KIND,
  TASKS_KIND,
  type Int64Form,
  type queueStatsSchema,
  type taskQueueSchema,
} from '../wire/contract.ts';

/**
 * Writes the API's messages as JSON. Tasks are written by hand, because JSON.stringify takes up to twice as long on the hottest
 * path; a test holds the result against the schema. Ids, queue names and base64 need no escaping, tags do.
 */
export class MessageWriter {
  readonly #int64: Int64Form;
  readonly #quote: '' | '"';

  constructor(int64: Int64Form) {
    this.#int64 = int64;
    this.#quote = int64 === 'string' ? '"' : '';
  }

  /** @param payloadBase64 the task's own payload by default; without either the field is left out */
  task(
    queue: string,
    { id, payload, tag, enqueued, leased, retries }: StoredTask,
    payloadBase64 = payload?.toString('base64'),
  ): string {
    const q = this.#quote;
    const encoded = payloadBase64 === undefined ? '' : `,"payloadBase64":"${payloadBase64}"`;
    const tagged = tag === undefined ? '' : `,"tag":${JSON.stringify(tag)}`;
    return `{"kind":"${TASK_KIND}","id":"${id}","queueName":"${queue}"${encoded},"enqueueTimestamp":${q}${enqueued}${q},"leaseTimestamp":${q}${leased}${q},"retry_count":${retries}${tagged}}`;
  }

  tasks(queue: string, tasks: readonly StoredTask[]): string {
    return `{"kind":"${TASKS_KIND}","items":[${tasks.map((task) => this.task(queue, task)).join(',')}]}`;
  }

  /**
   * @param acl the names of the tokens that have each role
   * @param stats left out when absent
   * @param extended adds how many tasks are available and how many are leased
   */
  taskQueue(
    { project, queue }: QueueRef,
    acl: z.input<typeof taskQueueSchema>['acl'],
    stats: StoredStats | undefined,
    extended: boolean,
  ): string {
    const message: z.input<typeof taskQueueSchema> = {
      kind: TASK_QUEUE_KIND,
      id: `projects/${project}/taskqueues/${queue}`,
      maxLeases: LIMITS.leaseTasks,
      ...(stats && { stats: this.#stats(stats, extended) }),
      acl,
    };
    return JSON.stringify(message);
  }

  #stats(
    { total, available, oldest, leasedLastMinute, leasedLastHour }: StoredStats,
    extended: boolean,
  ): z.input<typeof queueStatsSchema> {
    const int64 = (value: number) => (this.#int64 === 'string' ? String(value) : value);
    return {
      totalTasks: total,
      oldestTask: int64(Math.floor(oldest / 1e6)),
      leasedLastMinute: int64(leasedLastMinute),
      leasedLastHour: int64(leasedLastHour),
      ...(extended && { availableTasks: available, leasedTasks: total - available }),
    };
  }
}
