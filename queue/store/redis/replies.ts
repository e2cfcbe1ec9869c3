/** What Redis answers, in the terms of the port. */
import { faults, QueueFault } from '../../wire/faults.ts';
import type { StoredTask } from '../task-store.ts';

/** A packed task, "<enqueued> <leased> <retries> <tag>" as scripts keep it, with its payload. */
export function unpackTask(id: string, packed: Buffer, payload?: Buffer): StoredTask {
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

/** The fault for the word by which a script refuses. */
export function refusal(word: Buffer): QueueFault {
  const reason = word.toString();
  if (reason === 'moved') return faults.leaseSuperseded();
  return reason === 'expired' ? faults.leaseExpired() : faults.taskNotFound();
}

/** Replies by which Redis says that it does not accept a command now, rather than that the command is wrong. */
const REFUSALS =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|MISCONF|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM|UNBLOCKED|MOVED|ASK)\b/;
const LOST =
  /Connection is closed|Stream isn't writeable|Command timed out|Socket closed|max retries per request|ClusterAllFailed|None of startup nodes|Too many Cluster redirections|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN/i;

/** The fault for a failed command: 503 if Redis is unreachable or refuses; any other error is a bug and stays as it is. */
export function asFault(error: unknown): unknown {
  if (error instanceof QueueFault) return error;
  const { message, name } = error as Error;
  const refused = REFUSALS.exec(message);
  if (refused?.[1] === 'OOM') return faults.storeUnavailable('The task storage is full.', error);
  if (refused)
    return faults.storeUnavailable('The task storage does not accept requests at the moment.', error);
  if (name !== 'ReplyError' || LOST.test(message))
    return faults.storeUnavailable('The task storage is unreachable.', error);
  return error;
}
