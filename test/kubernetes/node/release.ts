import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHART } from '../chart.ts';
import { output } from '../tools.ts';
import { get, kubectl, NAMESPACE, tryKubectl } from './kubectl.ts';
import { until } from './until.ts';

const RELEASE = 'renderfleet';

/** Tags of the images on the node: the one to install and the one to upgrade to. */
export const TAGS = { first: process.env.IMAGE_TAG ?? 'dev', next: process.env.NEXT_IMAGE_TAG ?? 'next' };

/** Small requests, because a node of a developer's machine or of CI has two cores for everything. */
const VALUES = {
  queue: {
    replicas: 2,
    service: { type: 'NodePort' },
    resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { cpu: '2', memory: '384Mi' } },
  },
  redis: {
    persistence: { storageClassName: '-', size: '1Gi' },
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '2', memory: '768Mi' } },
  },
  tests: {
    renderer: { resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '1Gi' } } },
  },
};

let folder: string | undefined;

/** Creates the namespace, with the Pod Security that its pods must pass, and a volume for Redis on the node. */
export async function prepare(podSecurity: 'restricted' | 'privileged' = 'restricted'): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'renderfleet-redis-'));
  await chmod(folder, 0o777);
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': podSecurity } },
  };
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: NAMESPACE },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: '',
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: folder },
    },
  };
  const list = { apiVersion: 'v1', kind: 'List', items: [namespace, volume] };
  await kubectl(['apply', '--filename', '-'], { input: JSON.stringify(list) });
}

/** Runs `helm upgrade --install` with a tag for every image, and values over the tests' own, and waits until everything is ready. */
export async function deploy(tag: string, values: object = {}): Promise<void> {
  const images = ['queue', 'operator', 'renderer'].flatMap((name) => ['--set', `${name}.image.tag=${tag}`]);
  const flags = ['--namespace', NAMESPACE, '--values', '-', '--wait', '--timeout', '5m', ...images];
  await output('helm', ['upgrade', '--install', RELEASE, CHART, ...flags], {
    input: JSON.stringify({ ...VALUES, ...values }),
    timeoutMs: 320_000,
  });
}

/** Rolls back the last upgrade and waits until everything is ready. */
export async function rollBack(): Promise<void> {
  await output('helm', ['rollback', RELEASE, '--namespace', NAMESPACE, '--wait', '--timeout', '5m'], {
    timeoutMs: 320_000,
  });
}

/** Runs `helm test`. Resolves to the log of its pod. */
export function helmTest(): Promise<string> {
  return output('helm', ['test', RELEASE, '--namespace', NAMESPACE, '--logs', '--timeout', '4m'], {
    timeoutMs: 300_000,
  });
}

export async function uninstall(): Promise<void> {
  await output('helm', ['uninstall', RELEASE, '--namespace', NAMESPACE, '--wait'], { timeoutMs: 180_000 });
}

/** The address of the first node. */
export async function nodeAddress(): Promise<string> {
  interface Nodes {
    items: { status: { addresses: { type: string; address: string }[] } }[];
  }
  const { items } = await get<Nodes>('nodes');
  const address = items[0]?.status.addresses.find(({ type }) => type === 'InternalIP')?.address;
  if (address === undefined) throw new Error('No node has an internal address');
  return address;
}

/** The queue's address outside the cluster: its node port on the first node. */
export async function queueUrl(): Promise<string> {
  interface Service {
    spec: { ports: { nodePort: number }[] };
  }
  const service = await get<Service>('service', `${RELEASE}-queue`);
  const url = `http://${await nodeAddress()}:${service.spec.ports[0]?.nodePort}`;
  await until(`the queue answers at ${url}`, 30, async () => {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })).ok;
  });
  return url;
}

/** Makes or changes the pool that the tests render with. */
export async function applyPool(scaling: object, renderer: object = {}): Promise<void> {
  const pool = {
    apiVersion: 'renderfleet.dev/v1alpha1',
    kind: 'RenderPool',
    metadata: { name: 'default', namespace: NAMESPACE },
    spec: {
      queue: { service: { name: `${RELEASE}-queue` } },
      scaling,
      renderer: {
        gracePeriodSeconds: 20,
        resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '1Gi' } },
        env: [{ name: 'TASK_SECONDS', value: '5' }],
        ...renderer,
      },
    },
  };
  await until('the API server takes the pool', 60, async () => {
    await kubectl(['apply', '--filename', '-'], { input: JSON.stringify(pool) });
    return true;
  });
}

/** The objects in the namespace that the chart and the operator create. */
export async function remains(): Promise<string[]> {
  const kinds =
    'deployments,statefulsets,daemonsets,pods,services,secrets,configmaps,serviceaccounts,roles,rolebindings,' +
    'networkpolicies,poddisruptionbudgets,horizontalpodautoscalers,leases,persistentvolumeclaims' +
    ((await knowsRenderPools()) ? ',renderpools' : '');
  const { items } = await get<{ items: { kind: string; metadata: { name: string } }[] }>(kinds);
  return items
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    .filter((name) => !['ServiceAccount/default', 'ConfigMap/kube-root-ca.crt'].includes(name))
    .toSorted();
}

/** Whether the cluster has the CRD. */
export async function knowsRenderPools(): Promise<boolean> {
  const { items } = await get<{ items: { metadata: { name: string } }[] }>('customresourcedefinitions');
  return items.some(({ metadata }) => metadata.name === 'renderpools.renderfleet.dev');
}

/** Removes everything, whatever state it is in. */
export async function cleanUp(): Promise<void> {
  await tryKubectl(['delete', 'renderpools', '--all', '--timeout=30s']);
  await tryKubectl(['delete', 'namespace', NAMESPACE, '--timeout=120s'], 130_000);
  await tryKubectl(['delete', 'persistentvolume', NAMESPACE, '--timeout=30s']);
  await tryKubectl(['delete', 'customresourcedefinition', 'renderpools.renderfleet.dev', '--timeout=30s']);
  const roles = ['clusterrole,clusterrolebinding', '--selector', `app.kubernetes.io/instance=${RELEASE}`];
  await tryKubectl(['delete', ...roles]);
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}
