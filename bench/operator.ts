import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../test/harness/kubernetes/cluster.ts';
import { eventually } from '../test/harness/eventually.ts';
import { freePort, Program } from '../test/harness/processes.ts';
import { QueueProcess } from '../test/harness/queue-service.ts';
import { requestsOf, writesOf } from '../test/operator/support/api-server-metrics.ts';
import { Backlogs } from './operator/backlogs.ts';
import { figuresOf } from './operator/figures.ts';
import { Fleet } from './operator/fleet.ts';
import { quantile } from './support/figures.ts';

const POOLS = Number(process.env.BENCH_POOLS ?? 1000);
const PODS_PER_POOL = 10;
/** The controller manager's work per pod grows with the number of pods in its namespace. */
const NAMESPACES = 40;
const STEADY_SECONDS = Number(process.env.BENCH_STEADY_SECONDS ?? 300);
/** Pools scaled to zero, each of which gets a first task. */
const IDLE_POOLS = 100;
const SINGLE_CHANGES = 200;
const MINUTES = 60_000;
const MANAGED = [
  'renderpools',
  'deployments',
  'services',
  'serviceaccounts',
  'networkpolicies',
  'poddisruptionbudgets',
];

/** KEDA 2.x on the same control plane with two cores, 200 scaled objects polled every second. */
const KEDA = [
  'KEDA, 200 scaled objects polled each second, same kind of machine: 83 Ready after 70 s;',
  'from backlog 0 to 200 for all, 100 had scaled up after 26 s, 102 after 30 s (its client limits); 145 MB',
];

/** The context of a phase. */
interface Bench {
  cluster: Cluster;
  fleet: Fleet;
  backlogs: Backlogs;
  /** Root URL of the operator's HTTP server. */
  url: string;
}

/**
 * Measures the operator with many pools, on the cluster of KUBECONFIG, whose nodes may be simulated: time to converge,
 * reaction to a changed backlog, requests to the API server, memory and CPU, and writes at rest. Operator and queue service
 * run as separate processes and share the machine with the control plane.
 */
export async function run(): Promise<void> {
  if (!process.env.KUBECONFIG)
    throw new Error('Set KUBECONFIG to a cluster with room for 12,100 (simulated) pods');
  const cluster = new Cluster(process.env.KUBECONFIG);
  const folder = mkdtempSync(join(tmpdir(), 'renderfleet-bench-'));
  await cluster.installCrd();
  const namespaces = await Promise.all(Array.from({ length: NAMESPACES }, () => cluster.namespace()));
  const queue = await QueueProcess.start({ LOG_LEVEL: 'warn' });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const operator = new Program(process.execPath, [join(import.meta.dirname, '../operator/main.ts')], folder, {
    ...process.env,
    ...{ HOST: '127.0.0.1', PORT: String(port), POD_NAMESPACE: namespaces[0], LOG_LEVEL: 'warn' },
  });
  const fleet = new Fleet(cluster, namespaces, queue.rootUrl);
  const backlogs = new Backlogs(queue.rootUrl);
  const bench = { cluster, fleet, backlogs, url };
  try {
    operator.start();
    await eventually(() => figuresOf(url));
    const names = await converge(bench);
    await wake(bench);
    await change(bench, names);
    await steady(bench);
    for (const line of KEDA) console.log(line);
  } finally {
    await operator.stop();
    await backlogs.close();
    await queue.remove();
    await fleet.remove(cluster.api).catch((error: unknown) => {
      console.error(`Could not delete the pools in ${namespaces.join(', ')}: ${String(error)}`);
    });
    await cluster.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function converge({ cluster, fleet, url }: Bench): Promise<string[]> {
  const before = await allRequests(cluster);
  const names = Array.from({ length: POOLS }, (_, index) => `pool-${index}`);
  const started = performance.now();
  await fleet.apply(cluster.api, names, PODS_PER_POOL);
  const applied = performance.now();
  const allRaised = () => names.every((name) => fleet.raisedAt(name, PODS_PER_POOL) !== undefined);
  await until(allRaised, 10 * MINUTES);
  const last = Math.max(...names.map((name) => fleet.raisedAt(name, PODS_PER_POOL) ?? 0));
  say(
    `${POOLS} RenderPools applied in ${seconds(applied - started)}; all their objects created ${seconds(last - started)} after the first was applied`,
  );
  await usage(url);
  await until(() => names.every((name) => fleet.wasReady(name, PODS_PER_POOL)), 30 * MINUTES);
  say(
    `${POOLS * PODS_PER_POOL} pods ready after ${seconds(performance.now() - started)} (at the control plane's pace)`,
  );
  await usage(url);
  say(`  ${(await allRequests(cluster)) - before} requests to the API server by all clients in the meantime`);
  return names;
}

/** A first task for each idle pool, one after the other. */
async function wake(bench: Bench): Promise<void> {
  const { cluster, fleet, url } = bench;
  const names = Array.from({ length: Math.min(IDLE_POOLS, POOLS) }, (_, index) => `idle-${index}`);
  await fleet.apply(cluster.api, names, 0);
  await until(() => names.every((name) => fleet.raisedAt(name, 0) !== undefined), 2 * MINUTES);
  await eventually(async () => {
    const followed = (await figuresOf(url)).get('renderfleet_pool_ready') ?? 0;
    if (followed < POOLS + names.length) throw new Error('Not all queues are watched yet');
  });
  await oneByOne(bench, names, 1, 'first task for an idle pool → its replicas raised');
}

/** One more task for each pool, which needs two more pods: for some one after the other, for the rest at once. */
async function change(bench: Bench, names: string[]): Promise<void> {
  const { backlogs, url } = bench;
  // As many tasks as the current pods suffice for.
  await backlogs.add(names, PODS_PER_POOL + 1);
  await eventually(
    async () => {
      const seen = (await figuresOf(url)).get('renderfleet_pool_backlog') ?? 0;
      if (seen < names.length * (PODS_PER_POOL + 1)) throw new Error('Not all tasks have been counted yet');
    },
    { everyMs: 1000, timeoutMs: 2 * MINUTES },
  );
  const single = Math.min(SINGLE_CHANGES, POOLS >> 1);
  const what = 'backlog of one pool changed → its replicas changed';
  await oneByOne(bench, names.slice(0, single), PODS_PER_POOL + 2, what);
  await usage(url);
  await atOnce(bench, names.slice(single));
  await usage(url);
}

async function oneByOne(
  { fleet, backlogs }: Bench,
  names: string[],
  wanted: number,
  what: string,
): Promise<void> {
  const took: number[] = [];
  for (const name of names) {
    const changed = (await backlogs.add([name], 1)).get(name) ?? 0;
    await until(() => fleet.raisedAt(name, wanted) !== undefined, MINUTES);
    took.push((fleet.raisedAt(name, wanted) ?? 0) - changed);
  }
  say(`${what}: p50 ${milliseconds(took, 0.5)}, p99 ${milliseconds(took, 0.99)} (${names.length} changes)`);
}

async function atOnce({ fleet, backlogs }: Bench, names: string[]): Promise<void> {
  const wanted = PODS_PER_POOL + 2;
  const started = performance.now();
  const changed = await backlogs.add(names, 1);
  const inserted = performance.now();
  await until(() => names.every((name) => fleet.raisedAt(name, wanted) !== undefined), 5 * MINUTES);
  const raised = names.map((name) => fleet.raisedAt(name, wanted) ?? 0);
  const took = names.map((name, index) => (raised[index] ?? 0) - (changed.get(name) ?? 0));
  say(
    `backlog of ${names.length} pools changed at once (inserting took ${seconds(inserted - started)}): all changed ${seconds(Math.max(...raised) - started)} after the first insert; p50 ${milliseconds(took, 0.5)}, p99 ${milliseconds(took, 0.99)}`,
  );
}

async function steady({ cluster, fleet, url }: Bench): Promise<void> {
  const writes = () => writesOf(cluster, MANAGED);
  await until(() => fleet.ready === fleet.desired, 20 * MINUTES);
  let before = await writes();
  await eventually(
    async () => {
      const now = await writes();
      const settled = now === before;
      before = now;
      if (!settled) throw new Error('Not settled yet');
    },
    { everyMs: 15_000, timeoutMs: 10 * MINUTES },
  );
  const [cpu, requests] = [await cpuOf(url), await requestsSent(url)];
  await sleep(STEADY_SECONDS * 1000);
  const busy = (((await cpuOf(url)) - cpu) / STEADY_SECONDS) * 100;
  say(
    `at rest for ${STEADY_SECONDS} s: ${(await writes()) - before} writes to ${MANAGED.join(', ')}; ${(await requestsSent(url)) - requests} requests by the operator, including those for its lease; ${busy.toFixed(1)} % of a core`,
  );
  await usage(url);
}

const cpuOf = async (url: string) => (await figuresOf(url)).get('process_cpu_seconds_total') ?? 0;
const requestsSent = async (url: string) => (await figuresOf(url)).get('rest_client_requests_total') ?? 0;
const allRequests = async (cluster: Cluster) =>
  (await requestsOf(cluster)).reduce((total, { count }) => total + count, 0);

async function usage(url: string): Promise<void> {
  const figures = await figuresOf(url);
  const mebibytes = (figures.get('process_resident_memory_bytes') ?? 0) / 2 ** 20;
  say(
    `  operator so far: ${mebibytes.toFixed(0)} MiB, ${(figures.get('process_cpu_seconds_total') ?? 0).toFixed(1)} s CPU, ${figures.get('rest_client_requests_total') ?? 0} requests to the API server`,
  );
}

async function until(holds: () => boolean, timeoutMs: number): Promise<void> {
  await eventually(
    () => {
      if (!holds()) throw new Error('Timed out');
    },
    { everyMs: 5, timeoutMs },
  );
}

const say = (line: string) => {
  console.log(line);
};
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const milliseconds = (values: number[], share: number) => `${quantile(values, share).toFixed(0)} ms`;
