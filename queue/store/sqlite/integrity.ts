import type { QueueRow, Statements } from './rows.ts';

/** Every count and side table against the tasks themselves; empty when all agree. */
export function findInconsistencies(statements: Statements, queue: QueueRow): string[] {
  const differences = statements
    .query<{ what: string; number: number }>(
      `SELECT 'tasks without payload' AS what, count(*) AS number FROM tasks
         WHERE queue = :queue AND key NOT IN (SELECT task FROM payloads)
       UNION ALL SELECT 'payloads without task', count(*) FROM payloads WHERE task NOT IN (SELECT key FROM tasks)
       UNION ALL SELECT 'total off by', total - (SELECT count(*) FROM tasks WHERE queue = :queue) FROM queues
         WHERE key = :queue
       UNION ALL SELECT 'total off for tag ' || tag,
         total - (SELECT count(*) FROM tasks WHERE tasks.queue = :queue AND tasks.tag = tag_totals.tag)
         FROM tag_totals WHERE queue = :queue
       UNION ALL SELECT 'tasks in no tag total', count(*) FROM tasks
         WHERE queue = :queue AND tag NOT IN (SELECT tag FROM tag_totals WHERE queue = :queue)
       UNION ALL SELECT 'lease end used twice', count(*) - count(DISTINCT leased) FROM tasks
         WHERE queue = :queue AND leased > 0`,
    )
    .all({ queue: queue.key } as never);
  return differences.filter(({ number }) => number !== 0).map(({ what, number }) => `${what}: ${number}`);
}
