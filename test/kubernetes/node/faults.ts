import { readdir, readFile } from 'node:fs/promises';
import { output } from '../tools.ts';
import { get, kubectl, pods, type Pod } from './kubectl.ts';
import { until } from './until.ts';

/** Stops or starts a program of the cluster with the tool in CLUSTER_TOOL: `TOOL stop kube-apiserver`. */
export async function controlPlane(action: 'stop' | 'start', program: string): Promise<void> {
  const tool = process.env.CLUSTER_TOOL;
  if (tool === undefined)
    throw new Error('CLUSTER_TOOL must name the program that stops and starts the cluster');
  await output(tool, [action, program]);
}

/** Sends SIGKILL to the first process of a pod's container; the node is this machine, so its processes are visible. */
export async function killContainer(pod: Pod): Promise<void> {
  const container = pod.status.containerStatuses?.[0]?.containerID?.split('//')[1];
  if (container === undefined) throw new Error(`${pod.metadata.name} has no container`);
  for (const pid of await processesOf(container)) {
    const { inner } = await namespacePid(pid);
    if (inner === 1) {
      process.kill(pid, 'SIGKILL');
      return;
    }
  }
  throw new Error(`no process of ${pod.metadata.name} is to be seen`);
}

async function processesOf(container: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const groups = await readFile(`/proc/${name}/cgroup`, 'utf8').catch(() => '');
    if (groups.includes(container)) found.push(Number(name));
  }
  return found;
}

/** The id of a process within its own PID namespace. */
async function namespacePid(pid: number): Promise<{ inner: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return { inner: Number(/^NSpid:.*\s(\d+)$/m.exec(status)?.[1]) };
}

/** Processes that the kernel killed in a pod for lack of memory, and containers that ended that way. */
export async function memoryKills(pod: Pod): Promise<number> {
  const script =
    'cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2> /dev/null || true';
  const text = await kubectl(['exec', pod.metadata.name, '--', 'sh', '-c', script]).catch(() => '');
  const counted = Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
  const [status] = pod.status.containerStatuses ?? [];
  return counted + (status?.lastState?.terminated?.reason === 'OOMKilled' ? 1 : 0);
}

/** Waits until a component has the given number of ready pods. Resolves to them. */
export function readyPods(component: string, count: number, seconds = 120): Promise<Pod[]> {
  return until(`${count} ready pods of ${component}`, seconds, async () => {
    const found = await pods(component);
    const ready = found.filter(({ status }) =>
      status.containerStatuses?.every((container) => container.ready),
    );
    return ready.length >= count && ready;
  });
}

/** The names of the cluster's nodes. */
export async function nodeNames(): Promise<string[]> {
  const { items } = await get<{ items: { metadata: { name: string } }[] }>('nodes');
  return items.map(({ metadata }) => metadata.name);
}
