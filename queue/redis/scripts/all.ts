import { DELETE } from './delete.ts';
import { GIVE_BACK } from './give-back.ts';
import { INSERT } from './insert.ts';
import { LEASE } from './lease.ts';
import { PRELUDE } from './prelude.ts';
import { GET, LIST, PROBE, STATS } from './read.ts';
import { RENEW } from './renew.ts';

const onQueue = (lua: string) => ({ lua: PRELUDE + lua, numberOfKeys: 7 });

/** All scripts by the name of the command that runs them. */
export const SCRIPTS = {
  taskInsert: onQueue(INSERT),
  taskLease: { lua: PRELUDE + LEASE, numberOfKeys: 14 },
  taskRenew: onQueue(RENEW),
  taskGiveBack: onQueue(GIVE_BACK),
  taskDelete: onQueue(DELETE),
  taskGet: onQueue(GET),
  taskList: onQueue(LIST),
  taskStats: onQueue(STATS),
  storeProbe: { lua: PROBE, numberOfKeys: 1 },
};

type Argument = string | number | Buffer;
type Command<Reply> = (keys: readonly string[], ...values: Argument[]) => Promise<Reply>;

/** Replies as they come, with bytes as Buffers; `null` is Lua's false. */
export interface ScriptCommands {
  insert: Command<Buffer | null>;
  lease: Command<(Buffer | number | null)[]>;
  renew: Command<Buffer | [Buffer, Buffer | null]>;
  giveBack: Command<number>;
  delete: Command<Buffer>;
  get: Command<[Buffer | null, Buffer | null]>;
  list: Command<(Buffer | null)[]>;
  stats: Command<[number, number, Buffer, number, number]>;
  probe: Command<Buffer>;
}

type Runner = Record<string, (...values: Argument[]) => Promise<never>>;

/** The scripts as typed commands of a connection that was made with SCRIPTS. */
export function scriptCommands(connection: object): ScriptCommands {
  const runner = connection as Runner;
  const command =
    (name: keyof typeof SCRIPTS): Command<never> =>
    (keys, ...values) =>
      // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- ioredis defines a command for each script
      runner[`${name}Buffer`]!(...keys, ...values);
  return {
    insert: command('taskInsert'),
    lease: command('taskLease'),
    renew: command('taskRenew'),
    giveBack: command('taskGiveBack'),
    delete: command('taskDelete'),
    get: command('taskGet'),
    list: command('taskList'),
    stats: command('taskStats'),
    probe: command('storeProbe'),
  };
}
