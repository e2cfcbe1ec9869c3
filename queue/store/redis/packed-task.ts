import type { StoredTask } from '../task-store.ts';

/** A task as scripts keep it, "<enqueued> <leased> <retries> <tag>", with its payload. */
export function unpackTask(id: string, packed: Buffer, payload: Buffer | undefined): StoredTask {
  const text = packed.toString();
  const first = text.indexOf(' ');
  const second = text.indexOf(' ', first + 1);
  const third = text.indexOf(' ', second + 1);
  const tag = text.slice(third + 1);
  return {
    id,
    payload,
    tag: tag === '' ? undefined : tag,
    enqueued: Number(text.slice(0, first)),
    leased: Number(text.slice(first + 1, second)),
    retries: Number(text.slice(second + 1, third)),
  };
}
