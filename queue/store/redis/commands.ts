import { Redis, type Cluster } from 'ioredis';
import { Batches, type Argument } from './batches.ts';
import type { SCRIPTS } from './scripts/all.ts';

type Command<Values extends Argument[], Reply> = (
  keys: readonly string[],
  ...values: Values
) => Promise<Reply>;

/** A boolean as scripts read it. */
type Flag = 1 | 0;

/** What scripts answer, with bytes as Buffers; `null` is Lua's false. scripts/ describes their ARGV and results. */
export interface Commands {
  insert: Command<[id: string, payload: Buffer, tag: string], number | null>;
  lease: Command<
    [count: number, seconds: number, by: string, tag: string, attempts: number, bytes: number, payload: Flag],
    (Buffer | number | null)[]
  >;
  renew: Command<
    [id: string, seconds: number, leases: string, change: string, payload: Flag],
    Buffer | [Buffer, Buffer | null]
  >;
  release: Command<Argument[], number>;
  delete: Command<[id: string, leases: string, tombstoneSeconds: number], Buffer>;
  get: Command<[id: string, payload: Flag], [Buffer | null, Buffer | null]>;
  list: Command<[count: number, payload: Flag], (Buffer | null)[]>;
  stats: Command<[tag: string], [number, number, Buffer, number, number]>;
  probe: Command<[value: string], Buffer>;
  layout: Command<[token: string, lockMs: number, layout: number | ''], number>;
}

type Script = keyof typeof SCRIPTS;
type Runner = Record<string, (...values: Argument[]) => Promise<never>>;

/**
 * Operations, or tasks leased, of one call. Larger batches hardly lower the cost of each, keep others waiting, and leave Redis
 * idle while the service gathers them: measured with 64 clients, 100 cost a quarter of the throughput.
 */
const MOST_OPERATIONS = 16;
/** This many bytes of payload count as one more operation. */
const BYTES_PER_OPERATION = 16 * 1024;

/** The scripts as typed commands of a connection made with SCRIPTS. Inserts, leases and deletes are batched. */
export function commandsOf(connection: Redis | Cluster): Commands {
  const runner = connection as unknown as Runner;
  const run = (script: Script, keys: readonly string[], values: readonly Argument[]) =>
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- ioredis defines a command for each script
    runner[`${script}Buffer`]!(...keys, ...values);
  const command =
    (script: Script): Command<Argument[], never> =>
    (keys, ...values) =>
      run(script, keys, values);
  const batches = new Batches<Script>({
    run,
    mostWeight: MOST_OPERATIONS,
    around:
      connection instanceof Redis
        ? corked(connection)
        : (runAll) => {
            runAll();
          },
  });
  const batched =
    <Values extends Argument[]>(script: Script, weigh: (...values: Values) => number) =>
    (keys: readonly string[], ...values: Values) =>
      batches.add(script, keys, values, weigh(...values));
  return {
    insert: batched('taskInsert', (_id, payload) => 1 + payload.length / BYTES_PER_OPERATION),
    lease: batched('taskLease', (count) => count),
    renew: command('taskRenew'),
    release: command('taskRelease'),
    delete: batched('taskDelete', () => 1),
    get: command('taskGet'),
    list: command('taskList'),
    stats: command('taskStats'),
    probe: command('storeProbe'),
    layout: command('storeLayout'),
  };
}

/** Sends several calls in one write. */
function corked(redis: Redis): (runAll: () => void) => void {
  return (runAll) => {
    // Before the first connection there is no stream, despite the type.
    const stream = redis.stream as typeof redis.stream | undefined;
    stream?.cork();
    runAll();
    stream?.uncork();
  };
}
