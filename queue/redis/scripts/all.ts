import { Redis, type Cluster } from 'ioredis';
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

type Script = keyof typeof SCRIPTS;
type Run = (name: Script, values: Argument[]) => Promise<never>;
type Runner = Record<string, (...values: unknown[]) => Promise<never>>;

/** The scripts as typed commands of a connection that was made with SCRIPTS. */
export function scriptCommands(connection: Redis | Cluster): ScriptCommands {
  const run = connection instanceof Redis ? batched(connection) : each(connection);
  const command =
    (name: Script): Command<never> =>
    (keys, ...values) =>
      run(name, [...keys, ...values]);
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

/**
 * Sends what is asked for in one turn of the event loop by one write. ioredis' own automatic pipelining would hold a batch
 * back until the one before is answered, which doubles the time of a call under load.
 */
function batched(redis: Redis): Run {
  const run = each(redis);
  let corked = false;
  return (name, values) => {
    // There is no stream before the first connection, whatever the type says.
    const stream = redis.stream as typeof redis.stream | undefined;
    if (stream && !corked) {
      corked = true;
      stream.cork();
      setImmediate(() => {
        corked = false;
        stream.uncork();
      });
    }
    return run(name, values);
  };
}

function each(connection: Redis | Cluster): Run {
  const runner = connection as unknown as Runner;
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- ioredis defines a command for each script
  return (name, values) => runner[`${name}Buffer`]!(...values);
}
