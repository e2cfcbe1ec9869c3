/**
 * Measures the queue service over HTTP on Redis against a bare fastify route with one script call and against BullMQ:
 * `npm run bench -- queue [--quick]`.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { openRedisStore } from '../queue/store/redis/store.ts';
import { freePort } from '../test/harness/processes.ts';
import { RedisProcess } from '../test/harness/redis/redis.ts';
import { BullBench } from './queue/bull.ts';
import { median, quantile } from './support/figures.ts';
import { Connection, load } from './queue/http-load.ts';
import { NODE_FLAGS, startServer, stopServer } from './queue/servers.ts';

const PAYLOAD = Buffer.alloc(1024, 'renderfleet').toString('base64');
const TASK = JSON.stringify({ payloadBase64: PAYLOAD, tag: 'task' });
const CONCURRENCY = 64;
const WARM_UP = 30_000;
const WARM_UP_MS = 60_000;

const tasksOf = (queue: string) => `/taskqueue/v1beta2/projects/bench/taskqueues/${queue}/tasks`;
const LEASE_ONE = '/lease?numTasks=1&leaseSecs=600&groupByTag=true&tag=task';

/** @param args `--quick` takes a fraction of the time and leaves out the backlog of a million */
export async function run(args: readonly string[]): Promise<void> {
  const quick = args.includes('--quick');
  // Without rewrites of the append-only file, which would slow down the measurement that happens to run.
  const redis = await RedisProcess.start([
    ...['--appendfsync', 'everysec', '--auto-aof-rewrite-percentage', '0'],
  ]);
  const [port, barePort] = [await freePort(), await freePort()];
  const environment = { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redis.port), HOST: '127.0.0.1' };
  const servers = [
    startServer([...NODE_FLAGS, 'queue/main.ts'], {
      ...environment,
      PORT: String(port),
      SHUTDOWN_DELAY_SECONDS: '0',
    }),
    startServer(['bench/queue/bare-server.ts', String(barePort), String(redis.port)], {}),
  ];
  try {
    const connections = await openAll(port);
    const bare = await openAll(barePort);
    await throughput(connections, bare, redis.port, quick);
    await memory(connections, redis.port, quick);
    await latency(connections, redis.port, quick);
    for (const connection of [...connections, ...bare]) connection.close();
  } finally {
    for (const server of servers) await stopServer(server);
    await redis.stop();
  }
}

async function throughput(ours: Connection[], bare: Connection[], redisPort: number, quick: boolean) {
  const [rounds, time] = quick ? [3, 1000] : [7, 3000];
  const redis = new Redis(redisPort);
  const bull = new BullBench(redisPort, PAYLOAD);
  const insert = (connection: Connection) =>
    connection.request('POST', tasksOf('bench'), TASK).then(() => true);
  const script = (connection: Connection) => connection.request('POST', '/task', TASK).then(() => true);
  const leaseAndDelete = async (connection: Connection) => {
    const answer = (await connection.request('POST', tasksOf('bench') + LEASE_ONE)).toString('latin1');
    const id = /"id":"([^"]+)"/.exec(answer)?.[1];
    if (id === undefined) return false;
    await connection.request('DELETE', `${tasksOf('bench')}/${id}`);
    return true;
  };
  const figures: Record<'bare' | 'insert' | 'leaseDelete' | 'add' | 'process', number[]> = {
    bare: [],
    insert: [],
    leaseDelete: [],
    add: [],
    process: [],
  };
  // Until the hot code is compiled, no matter how slow the machine is.
  for (const [connections, once] of [
    [bare, script],
    [ours, insert],
    [ours, leaseAndDelete],
  ] as const) {
    let left = WARM_UP;
    await load(connections, WARM_UP_MS, (connection) =>
      left-- > 0 ? once(connection) : Promise.resolve(false),
    );
  }
  await redis.flushall();
  for (let round = 0; round < rounds; round += 1) {
    figures.bare.push(await load(bare, time, script));
    figures.insert.push(await load(ours, time, insert));
    figures.leaseDelete.push(await load(ours, time, leaseAndDelete));
    figures.add.push(await bull.adds(time, CONCURRENCY));
    figures.process.push(await bull.processes(time / 2, 100));
    await redis.flushall();
  }
  await bull.close();
  redis.disconnect();
  const [baseline, inserts, pairs] = [
    median(figures.bare),
    median(figures.insert),
    median(figures.leaseDelete),
  ];
  const [adds, jobs] = [median(figures.add), median(figures.process)];
  print('bare fastify route with one script call', `${rate(baseline)} requests/s`);
  print(
    'inserts of 1 KiB over HTTP',
    `${rate(inserts)}/s = ${ratio(inserts, baseline)} of the bare route (aim 0.8)`,
  );
  print(
    'lease + delete over HTTP',
    `${rate(pairs)}/s = ${rate(2 * pairs)} requests/s = ${ratio(2 * pairs, baseline)} of the bare route (aim 0.8)`,
  );
  print('BullMQ, in process', `${rate(adds)} single adds/s, ${rate(jobs)} jobs/s at concurrency 100`);
  print('inserts / BullMQ adds', ratio(inserts, adds));
  print('lease + delete / BullMQ jobs', ratio(pairs, jobs));
}

async function memory(connections: Connection[], redisPort: number, quick: boolean): Promise<void> {
  const redis = new Redis(redisPort);
  await redis.flushall();
  const before = await usedMemory(redis);
  const count = quick ? 10_000 : 100_000;
  await fill(connections, 'memory', count, TASK);
  const used = (await usedMemory(redis)) - before;
  print('Redis memory for a task of 1 KiB', `${Math.round(used / count)} bytes`);
  await redis.flushall();
  redis.disconnect();
}

async function latency(connections: Connection[], redisPort: number, quick: boolean): Promise<void> {
  const redis = new Redis(redisPort);
  const backlogs = quick ? [1000, 100_000] : [1000, 100_000, 1_000_000];
  const small = JSON.stringify({ payloadBase64: 'cmVuZGVy', tag: 'task' });
  const times = new Map<number, number[]>(backlogs.map((backlog) => [backlog, []]));
  await fillDirectly(redisPort, backlogs);
  const [connection] = connections;
  const samples = quick ? 2000 : 10_000;
  // In turn, so that other load on the machine hits all of them alike.
  for (let sample = 0; sample < samples; sample += 1) {
    for (const backlog of backlogs) {
      const path = tasksOf(`backlog-${backlog}`);
      const begin = performance.now();
      const answer = (await connection?.request('POST', path + LEASE_ONE))?.toString('latin1') ?? '';
      times.get(backlog)?.push(performance.now() - begin);
      const id = /"id":"([^"]+)"/.exec(answer)?.[1] ?? '';
      await connection?.request('DELETE', `${path}/${id}`);
      await connection?.request('POST', path, small);
    }
  }
  const base = quantile(times.get(1000) ?? [], 0.99);
  for (const [backlog, list] of times) {
    const p99 = quantile(list, 0.99);
    print(
      `lease behind ${backlog.toLocaleString('en')} tasks`,
      `p50 ${median(list).toFixed(3)} ms, p99 ${p99.toFixed(3)} ms = ${ratio(p99, base)} of that behind 1,000 (aim 1.5)`,
    );
  }
  await redis.flushall();
  redis.disconnect();
}

/** Inserts the backlogs without HTTP, which is not what this measures. */
async function fillDirectly(redisPort: number, backlogs: readonly number[]): Promise<void> {
  const address = { host: '127.0.0.1', port: redisPort };
  const store = openRedisStore({ address }, pino({ level: 'silent' }));
  const isReady = async () => (await store.check().catch(() => ['unreachable'])).length === 0;
  while (!(await isReady())) await delay(50);
  const payload = Buffer.from('render');
  for (const backlog of backlogs) {
    const queue = { project: 'bench', queue: `backlog-${backlog}` };
    let left = backlog;
    const filler = async () => {
      while (left-- > 0) await store.insert(queue, { id: randomUUID(), payload, tag: 'task' });
    };
    await Promise.all(Array.from({ length: 200 }, filler));
  }
  await store.close();
}

async function fill(connections: Connection[], queue: string, count: number, task: string): Promise<void> {
  let left = count;
  await Promise.all(
    connections.map(async (connection) => {
      while (left-- > 0) await connection.request('POST', tasksOf(queue), task);
    }),
  );
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}

async function openAll(port: number): Promise<Connection[]> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await Promise.all(Array.from({ length: CONCURRENCY }, () => Connection.open(port)));
    } catch (error) {
      if (attempt === 100) throw error;
      await delay(100);
    }
  }
}

function rate(figure: number): string {
  return Math.round(figure).toLocaleString('en');
}

function ratio(figure: number, base: number): string {
  return (figure / base).toFixed(2);
}

function print(what: string, figure: string): void {
  console.log(`${what.padEnd(42)} ${figure}`);
}
