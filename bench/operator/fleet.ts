import { pino } from 'pino';
import { APPLY, type ApiClient } from '../../operator/cluster/api-client.ts';
import {
  collectionPath,
  objectPath,
  RENDER_POOLS,
  type LiveDeployment,
} from '../../operator/cluster/objects.ts';
import { MANAGED_BY } from '../../operator/children/labels.ts';
import { Reflector } from '../../operator/cluster/reflector.ts';
import { Store } from '../../operator/cluster/store.ts';
import type { Cluster } from '../../test/harness/kubernetes/cluster.ts';

/** Many RenderPools in some namespaces, and a watch on their Deployments that records when their replicas change. */
export class Fleet {
  readonly #deployments = new Store<LiveDeployment>();
  readonly #namespaces: string[];
  readonly #queueUrl: string;
  readonly #stop = new AbortController();
  readonly #raised = new Map<string, number>();
  readonly #ready = new Set<string>();

  /** @param namespaces to spread the pools over, because the control plane's work per pod grows with its neighbours */
  constructor(cluster: Cluster, namespaces: string[], queueUrl: string) {
    this.#namespaces = namespaces;
    this.#queueUrl = queueUrl;
    this.#deployments.onChange((after, before) => {
      const wants = after?.spec?.replicas;
      if (after && wants !== undefined && (after.status?.readyReplicas ?? 0) >= wants) {
        this.#ready.add(`${after.metadata.name} ${wants}`);
      }
      if (!after || wants === undefined || wants === before?.spec?.replicas) return;
      this.#raised.set(`${after.metadata.name} ${wants}`, performance.now());
    });
    const reflector = new Reflector<LiveDeployment>({
      ...{ connection: cluster.connection(), client: cluster.api, store: this.#deployments },
      kind: { apiVersion: 'apps/v1', plural: 'deployments' },
      labelSelector: Object.entries(MANAGED_BY).flat().join('='),
      logger: pino({ level: 'silent' }),
    });
    void reflector.run(this.#stop.signal);
  }

  /** When a pool's Deployment was first seen with that many replicas (performance.now). */
  raisedAt(pool: string, replicas: number): number | undefined {
    return this.#raised.get(`${pool}-renderer ${replicas}`);
  }

  /** Whether a pool was ever seen with that many pods, all of them ready. */
  wasReady(pool: string, replicas: number): boolean {
    return this.#ready.has(`${pool}-renderer ${replicas}`);
  }

  /** Ready pods of all pools. */
  get ready(): number {
    return [...this.#deployments.values()].reduce((sum, { status }) => sum + (status?.readyReplicas ?? 0), 0);
  }

  /** Replicas of all pools. */
  get desired(): number {
    return [...this.#deployments.values()].reduce((sum, { spec }) => sum + (spec?.replicas ?? 0), 0);
  }

  /** Creates pools with at least so many pods, each with a queue of its name, as fast as the API server accepts them. */
  async apply(api: ApiClient, names: string[], minReplicas: number): Promise<void> {
    await Promise.all(
      names.map((name, index) => {
        const namespace = this.#namespaces[index % this.#namespaces.length] ?? '';
        const path = objectPath(RENDER_POOLS, namespace, name);
        return api.request('PATCH', path, this.#applied(name, minReplicas));
      }),
    );
  }

  async remove(api: ApiClient): Promise<void> {
    this.#stop.abort();
    for (const namespace of this.#namespaces) {
      await api.request('DELETE', collectionPath(RENDER_POOLS, namespace));
    }
  }

  #applied(name: string, minReplicas: number) {
    const spec = {
      queue: { url: this.#queueUrl, taskQueue: name },
      scaling: { minReplicas, maxReplicas: minReplicas + 2, targetBacklogPerDaemon: 1 },
      renderer: {
        tolerations: [{ operator: 'Exists' }],
        resources: { requests: { cpu: '10m', memory: '16Mi' } },
      },
    };
    const body = { apiVersion: RENDER_POOLS.apiVersion, kind: 'RenderPool', metadata: { name }, spec };
    return { body, contentType: APPLY, query: { fieldManager: 'bench', force: true } };
  }
}
