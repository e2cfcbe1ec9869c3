import type { DatabaseSync } from 'node:sqlite';
import type { QueueRef } from '../../../queue/store/task-store.ts';

const COMPARISONS = `
WITH queue AS (SELECT key FROM queues WHERE project = :project AND name = :queue)
SELECT 'tasks without payload' AS what, count(*) AS number FROM tasks
  WHERE queue IN queue AND key NOT IN (SELECT task FROM payloads)
UNION ALL SELECT 'payloads without task', count(*) FROM payloads WHERE task NOT IN (SELECT key FROM tasks)
UNION ALL SELECT 'total off by', total - (SELECT count(*) FROM tasks WHERE queue = queues.key) FROM queues
  WHERE key IN queue
UNION ALL SELECT 'total off for tag ' || tag,
  total - (SELECT count(*) FROM tasks WHERE tasks.queue = tag_totals.queue AND tasks.tag = tag_totals.tag)
  FROM tag_totals WHERE queue IN queue
UNION ALL SELECT 'tasks in no tag total', count(*) FROM tasks
  WHERE queue IN queue AND tag NOT IN (SELECT tag FROM tag_totals WHERE queue = tasks.queue)
UNION ALL SELECT 'lease end used twice', count(*) - count(DISTINCT leased) FROM tasks
  WHERE queue IN queue AND leased > 0`;

/** Where the counts and side tables of a queue in SQLite differ from its tasks; empty if all agree. */
export function findSqliteInconsistencies(database: DatabaseSync, { project, queue }: QueueRef): string[] {
  const differences = database.prepare(COMPARISONS).all({ project, queue });
  return differences
    .filter(({ number }) => number !== 0)
    .map(({ what, number }) => `${String(what)}: ${String(number)}`);
}
