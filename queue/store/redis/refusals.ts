import { faults, QueueFault } from '../../wire/faults.ts';

/** Answers by which Redis says that it does not take a command now, rather than that the command is wrong. */
const REFUSALS =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|MISCONF|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM|UNBLOCKED|MOVED|ASK)\b/;
const LOST =
  /Connection is closed|Stream isn't writeable|Command timed out|Socket closed|max retries per request|ClusterAllFailed|None of startup nodes|Too many Cluster redirections|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN/i;

/** What a failed command is to its caller: 503 when Redis cannot be reached or refuses; anything else is a bug. */
export function asFault(error: unknown): unknown {
  if (error instanceof QueueFault) return error;
  const { message, name } = error as Error;
  const refused = REFUSALS.exec(message);
  if (refused?.[1] === 'OOM') return faults.unavailable('The task storage is full.', error);
  if (refused) return faults.unavailable('The task storage does not take requests at the moment.', error);
  if (name !== 'ReplyError' || LOST.test(message))
    return faults.unavailable('The task storage cannot be reached.', error);
  return error;
}
