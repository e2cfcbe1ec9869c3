import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../test/harness/cluster.ts';
import { eventually } from '../test/harness/eventually.ts';
import { freePort, Program } from '../test/harness/processes.ts';
import { requestsOf } from '../test/operator/support/api-server-metrics.ts';
import { startQueue } from '../test/operator/support/queue.ts';
import { figuresOf, percentile } from './operator/figures.ts';
import { Fleet } from './operator/fleet.ts';

const POOLS = Number(process.env.BENCH_POOLS ?? 1000);
const PODS_PER_POOL = 10;
const STEADY_SECONDS = Number(process.env.BENCH_STEADY_SECONDS ?? 300);
const SINGLE_CHANGES = 200;
const MINUTES = 60_000;
const KEPT = [
  'renderpools',
  'deployments',
  'services',
  'serviceaccounts',
  'networkpolicies',
  'poddisruptionbudgets',
];
const READS = new Set(['GET', 'LIST', 'WATCH', 'CONNECT']);

/** KEDA 2.x on such a control plane with two cores, 200 scaled objects polled each second. */
const KEDA = [
  'KEDA, 200 scaled objects polled each second, same kind of machine: 83 Ready after 70 s;',
  'from backlog 0 to 200 for all, 100 had scaled up after 26 s, 102 after 30 s (its client limits); 145 MB',
];

/**
 * The operator with many pools, on the cluster of KUBECONFIG, whose nodes may be simulated: time to converge, reaction to a
 * changed backlog, requests to the API server, memory and CPU, and what it writes when nothing changes.
 */
export async function run(): Promise<void> {
  if (!process.env.KUBECONFIG)
    throw new Error('set KUBECONFIG to a cluster with room for 10,000 (simulated) pods');
  const cluster = new Cluster(process.env.KUBECONFIG);
  const folder = mkdtempSync(join(tmpdir(), 'renderfleet-bench-'));
  await cluster.installCrd();
  const namespace = await cluster.namespace();
  const queue = await startQueue();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const operator = new Program(process.execPath, [join(import.meta.dirname, '../operator/main.ts')], folder, {
    ...process.env,
    ...{ HOST: '127.0.0.1', PORT: String(port), POD_NAMESPACE: namespace, LOG_LEVEL: 'warn' },
  });
  const fleet = new Fleet({
    cluster,
    namespace,
    pools: POOLS,
    podsPerPool: PODS_PER_POOL,
    queueUrl: queue.url,
  });
  try {
    operator.start();
    await eventually(() => figuresOf(url));
    await converge(cluster, fleet, url);
    await singleChanges(fleet, (name) => queue.client(name), url);
    await allAtOnce(fleet, (name) => queue.client(name));
    await steady(cluster, fleet, url);
    for (const line of KEDA) console.log(line);
  } finally {
    await fleet.remove(cluster.api);
    await operator.stop();
    await queue.close();
    await cluster.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function converge(cluster: Cluster, fleet: Fleet, url: string): Promise<void> {
  const before = await requestsOf(cluster);
  const started = performance.now();
  await fleet.apply(cluster.api);
  const applied = performance.now();
  const asked = () => fleet.names.filter((name) => fleet.raisedAt(name, PODS_PER_POOL) !== undefined).length;
  await until(() => asked() === POOLS, 10 * MINUTES);
  const last = Math.max(...fleet.names.map((name) => fleet.raisedAt(name, PODS_PER_POOL) ?? 0));
  console.log(
    `${POOLS} RenderPools applied in ${seconds(applied - started)}; all their objects made ${seconds(last - started)} after the first was applied`,
  );
  await until(() => fleet.ready === POOLS * PODS_PER_POOL, 20 * MINUTES);
  console.log(
    `${fleet.ready} pods ready after ${seconds(performance.now() - started)} (the control plane's own pace)`,
  );
  await usage(url);
  const sum = (requests: typeof before) => requests.reduce((total, { count }) => total + count, 0);
  console.log(
    `${sum(await requestsOf(cluster)) - sum(before)} requests to the API server by everybody meanwhile`,
  );
}

type ClientOf = (queue: string) => {
  insert(task: { payload: string; tag: string }): Promise<unknown>;
  close(): Promise<void>;
};

/** Raises a backlog so that one pod more is needed, and gives back when the last of the tasks was taken in. */
async function raise(clientOf: ClientOf, name: string, tasks: number): Promise<number> {
  const client = clientOf(name);
  await Promise.all(Array.from({ length: tasks }, () => client.insert({ payload: '{}', tag: 'task' })));
  await client.close();
  return performance.now();
}

async function singleChanges(fleet: Fleet, clientOf: ClientOf, url: string): Promise<void> {
  const count = Math.min(SINGLE_CHANGES, POOLS >> 1);
  const took: number[] = [];
  for (const name of fleet.names.slice(0, count)) {
    const changed = await raise(clientOf, name, PODS_PER_POOL + 2);
    await until(() => fleet.raisedAt(name, PODS_PER_POOL + 2) !== undefined, MINUTES);
    took.push((fleet.raisedAt(name, PODS_PER_POOL + 2) ?? 0) - changed);
  }
  console.log(
    `backlog of one pool changed → its replicas changed: p50 ${milliseconds(took, 0.5)}, p99 ${milliseconds(took, 0.99)} (${count} changes)`,
  );
  await usage(url);
}

async function allAtOnce(fleet: Fleet, clientOf: ClientOf): Promise<void> {
  const names = fleet.names.slice(Math.min(SINGLE_CHANGES, POOLS >> 1));
  const started = performance.now();
  const changed = new Map<string, number>();
  await Promise.all(
    names.map(async (name) => changed.set(name, await raise(clientOf, name, PODS_PER_POOL + 2))),
  );
  const inserted = performance.now();
  await until(
    () => names.every((name) => fleet.raisedAt(name, PODS_PER_POOL + 2) !== undefined),
    5 * MINUTES,
  );
  const took = names.map((name) => (fleet.raisedAt(name, PODS_PER_POOL + 2) ?? 0) - (changed.get(name) ?? 0));
  const last = Math.max(...names.map((name) => fleet.raisedAt(name, PODS_PER_POOL + 2) ?? 0));
  console.log(
    `backlog of ${names.length} pools changed at once (inserting took ${seconds(inserted - started)}): all had changed ${seconds(last - started)} after the first insert; p50 ${milliseconds(took, 0.5)}, p99 ${milliseconds(took, 0.99)}`,
  );
}

async function steady(cluster: Cluster, fleet: Fleet, url: string): Promise<void> {
  const writes = async () =>
    (await requestsOf(cluster))
      .filter(({ verb, resource }) => !READS.has(verb) && KEPT.includes(resource))
      .reduce((total, { count }) => total + count, 0);
  await until(() => fleet.ready === fleet.desired, 20 * MINUTES);
  let before = await writes();
  await eventually(
    async () => {
      const now = await writes();
      const settled = now === before;
      before = now;
      if (!settled) throw new Error('there are still changes');
    },
    { everyMs: 20_000, timeoutMs: 10 * MINUTES },
  );
  const [cpu, requests] = [await cpuOf(url), await requestsSent(url)];
  await sleep(STEADY_SECONDS * 1000);
  const busy = (((await cpuOf(url)) - cpu) / STEADY_SECONDS) * 100;
  console.log(
    `nothing changes for ${STEADY_SECONDS} s: ${(await writes()) - before} writes to ${KEPT.join(', ')}; ${(await requestsSent(url)) - requests} requests of the operator, its lease included; ${busy.toFixed(1)} % of a core`,
  );
  await usage(url);
}

const cpuOf = async (url: string) => (await figuresOf(url)).get('process_cpu_seconds_total') ?? 0;
const requestsSent = async (url: string) => (await figuresOf(url)).get('rest_client_requests_total') ?? 0;

async function usage(url: string): Promise<void> {
  const figures = await figuresOf(url);
  const mebibytes = (figures.get('process_resident_memory_bytes') ?? 0) / 2 ** 20;
  console.log(
    `  operator so far: ${mebibytes.toFixed(0)} MiB, ${(figures.get('process_cpu_seconds_total') ?? 0).toFixed(1)} s CPU, ${figures.get('rest_client_requests_total') ?? 0} requests to the API server`,
  );
}

async function until(holds: () => boolean, timeoutMs: number): Promise<void> {
  await eventually(
    () => {
      if (!holds()) throw new Error('it took too long');
    },
    { everyMs: 5, timeoutMs },
  );
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const milliseconds = (values: number[], share: number) => `${percentile(values, share).toFixed(0)} ms`;
