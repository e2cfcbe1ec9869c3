import type { QueueStats, Task } from '../queue/wire/contract.ts';

/** Lays rows out in columns as wide as their widest cell, two spaces apart, under a header. */
export function table(header: string[], rows: string[][]): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A count of bytes as people read it, such as `1.2 KiB`. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  const kib = count / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}

/** A span of seconds as people read it, such as `3 m 20 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} m`;
}

/**
 * A table of tasks for people.
 * @param now seconds since the epoch
 */
export function taskTable(tasks: readonly Task[], now: number): string {
  return table(
    ['ID', 'TAG', 'STATE', 'TRIES', 'AGE', 'SIZE'],
    tasks.map((task) => [
      task.id,
      task.tag ?? '-',
      state(task, now),
      String(task.retry_count),
      duration(now - task.enqueueTimestamp / 1e6),
      bytes(Buffer.byteLength(task.payloadBase64, 'base64')),
    ]),
  );
}

function state({ leaseTimestamp }: Task, now: number): string {
  const left = leaseTimestamp / 1e6 - now;
  return left > 0 ? `leased, ${duration(left)} left` : 'waiting';
}

/**
 * The counts of a queue on one line for people.
 * @param now seconds since the epoch
 */
export function statsLine(
  { totalTasks, oldestTask, leasedLastMinute, leasedLastHour }: QueueStats,
  now: number,
): string {
  const oldest = totalTasks > 0 ? duration(now - oldestTask) : '-';
  return `tasks ${totalTasks}   oldest ${oldest}   leased in the last minute ${leasedLastMinute}   in the last hour ${leasedLastHour}`;
}
