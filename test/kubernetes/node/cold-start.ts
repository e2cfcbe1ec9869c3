import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { QueueClient } from '../../../queue/client.ts';
import { toolPath } from '../tools.ts';
import { kubectl, NAMESPACE } from './kubectl.ts';
import { payloadOf } from './tasks.ts';
import { until } from './until.ts';

/** The parts of a cold start in milliseconds, in order. */
export interface ColdStart {
  /** From the insert to the Deployment's raised replicas. */
  operator: number;
  /** To the pod on its node: ReplicaSet, pod, scheduler. */
  scheduling: number;
  /** To the container's first process: sandbox, network, mounts, start. */
  container: number;
  /** To the renderer's log line that it is ready: Node, its modules, the search for Chromium. */
  process: number;
  /** To the result at the producer: browser, lease, render, result. */
  render: number;
  total: number;
}

interface Watched {
  kind: string;
  metadata: { name: string };
  spec: { replicas?: number; nodeName?: string };
}

/** Inserts one task into a queue without a pod and follows it to its result. All clocks are those of this machine. */
export async function measureColdStart(url: string): Promise<ColdStart> {
  const client = new QueueClient({ rootUrl: url, project: 'render', queue: 'render' });
  const deployment = firstSeen('deployments', ({ metadata, spec }) => {
    return metadata.name === 'default-renderer' && (spec.replicas ?? 0) > 0;
  });
  const pod = firstSeen('pods', ({ metadata, spec }) => {
    return metadata.name.startsWith('default-renderer') && spec.nodeName !== undefined;
  });
  try {
    await within(30, 'the watches begin', Promise.all([deployment.watching, pod.watching]));
    const inserted = Date.now();
    await client.insert({ id: `cold-${inserted}`, payload: payloadOf(0), tag: 'task' });
    const result = await until('the result', 120, async () => {
      const [first] = await client.lease({ numTasks: 1, leaseSecs: 60, tag: 'result', waitSecs: 30 });
      return first;
    });
    const delivered = Date.now();
    await client.delete(result);
    const seen = Promise.all([deployment.seen, pod.seen]);
    const [{ at: raised }, { at: scheduled, object }] = await within(30, 'the pod is seen', seen);
    const { started, up } = await startOf(object.metadata.name);
    return {
      operator: raised - inserted,
      scheduling: scheduled - raised,
      container: started - scheduled,
      process: up - started,
      render: delivered - up,
      total: delivered - inserted,
    };
  } finally {
    deployment.close();
    pod.close();
    await client.close();
  }
}

/** Rejects if a promise does not settle in time. */
function within<T>(seconds: number, what: string, promise: Promise<T>): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    const fail = () => {
      reject(new Error(`Waited ${seconds} s in vain: ${what}`));
    };
    setTimeout(fail, seconds * 1000).unref();
  });
  return Promise.race([promise, late]);
}

/** Watches objects of a kind until one matches; resolves to when it was seen. */
function firstSeen(kind: string, wanted: (object: Watched) => boolean) {
  const flags = ['get', kind, '--namespace', NAMESPACE, '--watch', '--output', 'json'];
  const child = spawn(toolPath('kubectl'), [...flags, '--output-watch-events'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const watching = Promise.withResolvers<true>();
  const seen = Promise.withResolvers<{ at: number; object: Watched }>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    watching.resolve(true);
    const { object } = JSON.parse(line) as { object: Watched };
    if (wanted(object)) seen.resolve({ at: Date.now(), object });
  });
  return { watching: watching.promise, seen: seen.promise, close: () => child.kill() };
}

/** When a renderer's first process started and when it logged that it is ready, in milliseconds since the epoch. */
async function startOf(pod: string): Promise<{ started: number; up: number }> {
  const script =
    'const read=(path)=>require("fs").readFileSync(path,"utf8");' +
    'const ticks=read("/proc/1/stat").split(") ")[1].split(" ")[19];' +
    'console.log(Date.now()-read("/proc/uptime").split(" ")[0]*1000+ticks*10)';
  const started = Number(await kubectl(['exec', pod, '--', 'node', '-e', script]));
  // The kubelet serves a container's log only after it reported it as running, up to seconds later.
  const up = await until(`${pod} logs that it has started`, 30, async () => {
    const lines = (await kubectl(['logs', pod])).split('\n').filter((line) => line.startsWith('{'));
    const entries = lines.map((line) => JSON.parse(line) as { msg: string; time: number });
    return entries.find(({ msg }) => msg === 'renderer started')?.time;
  });
  return { started, up };
}
