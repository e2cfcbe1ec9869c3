import { DELETE } from './delete.ts';
import { RELEASE } from './release.ts';
import { INSERT } from './insert.ts';
import { LEASE } from './lease.ts';
import { PRELUDE } from './prelude.ts';
import { GET, LIST, PROBE, STATS } from './read.ts';
import { RENEW } from './renew.ts';

const onQueue = (lua: string) => ({ lua: PRELUDE + lua, numberOfKeys: 8 });

/** All scripts by the name of the command that runs them. */
export const SCRIPTS = {
  taskInsert: onQueue(INSERT),
  taskLease: { lua: PRELUDE + LEASE, numberOfKeys: 16 },
  taskRenew: onQueue(RENEW),
  taskRelease: onQueue(RELEASE),
  taskDelete: onQueue(DELETE),
  taskGet: onQueue(GET),
  taskList: onQueue(LIST),
  taskStats: onQueue(STATS),
  storeProbe: { lua: PROBE, numberOfKeys: 1 },
};
