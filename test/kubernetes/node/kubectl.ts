import { output, run } from '../tools.ts';

export const NAMESPACE = 'renderfleet-e2e';

/** Runs kubectl in the test's namespace; it must succeed. Resolves to its output. */
export function kubectl(
  args: readonly string[],
  options?: { input?: string; timeoutMs?: number },
): Promise<string> {
  return output('kubectl', ['--namespace', NAMESPACE, ...args], options);
}

/** Runs kubectl in the test's namespace, whatever its exit code. */
export async function tryKubectl(args: readonly string[], timeoutMs = 60_000): Promise<boolean> {
  return (await run('kubectl', ['--namespace', NAMESPACE, ...args], { timeoutMs })).code === 0;
}

/** Reads objects as JSON. */
export async function get<T>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl(['get', ...args, '--output', 'json'])) as T;
}

export interface Pod {
  metadata: { name: string; deletionTimestamp?: string; creationTimestamp: string };
  status: {
    phase: string;
    containerStatuses?: {
      ready: boolean;
      restartCount: number;
      containerID?: string;
      lastState?: { terminated?: { reason: string } };
    }[];
  };
}

/** The pods of a component, terminating ones included; renderers are those of the pool "default". */
export async function allPods(component: string): Promise<Pod[]> {
  const selector =
    component === 'renderer' ? 'renderfleet.dev/pool=default' : `app.kubernetes.io/component=${component}`;
  return (await get<{ items: Pod[] }>('pods', '--selector', selector)).items;
}

/** The pods of a component that are not terminating. */
export async function pods(component: string): Promise<Pod[]> {
  return (await allPods(component)).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}
