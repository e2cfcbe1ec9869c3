import { pino } from 'pino';
import { APPLY, type ApiClient } from '../../operator/kubernetes/api-client.ts';
import { collectionPath, objectPath, RENDER_POOLS } from '../../operator/kubernetes/paths.ts';
import { Reflector } from '../../operator/kubernetes/reflector.ts';
import { trimmed, type LiveDeployment } from '../../operator/reconcile/live.ts';
import { Store } from '../../operator/store.ts';
import type { Cluster } from '../../test/harness/cluster.ts';

/** Many RenderPools of one namespace, and a watch on their Deployments that notes when each came to ask for how many pods. */
export class Fleet {
  readonly #deployments = new Store<LiveDeployment>();
  readonly #namespace: string;
  readonly #queueUrl: string;
  readonly #stop = new AbortController();
  readonly #raised = new Map<string, number>();

  constructor(cluster: Cluster, namespace: string, queueUrl: string) {
    this.#namespace = namespace;
    this.#queueUrl = queueUrl;
    this.#deployments.onChange((after, before) => {
      const wants = after?.spec?.replicas;
      if (!after || wants === undefined || wants === before?.spec?.replicas) return;
      this.#raised.set(`${after.metadata.name} ${wants}`, performance.now());
    });
    const reflector = new Reflector<LiveDeployment>({
      ...{ connection: cluster.connection(), client: cluster.api, namespace, store: this.#deployments },
      resource: { apiVersion: 'apps/v1', plural: 'deployments' },
      keep: trimmed,
      logger: pino({ level: 'silent' }),
    });
    void reflector.run(this.#stop.signal);
  }

  /** When (performance.now) a pool's Deployment was first seen to ask for that many pods. */
  raisedAt(pool: string, replicas: number): number | undefined {
    return this.#raised.get(`${pool}-renderer ${replicas}`);
  }

  /** Pods that are ready, of all pools. */
  get ready(): number {
    return [...this.#deployments.values()].reduce((sum, { status }) => sum + (status?.readyReplicas ?? 0), 0);
  }

  /** Pods that are asked for, of all pools. */
  get desired(): number {
    return [...this.#deployments.values()].reduce((sum, { spec }) => sum + (spec?.replicas ?? 0), 0);
  }

  /** Makes pools with at least so many pods, each with a queue of its name, as fast as the API server takes them. */
  async apply(api: ApiClient, names: string[], minReplicas: number): Promise<void> {
    const made = names.map((name) => api.request('PATCH', this.#path(name), this.#applied(name, minReplicas)));
    await Promise.all(made);
  }

  async remove(api: ApiClient): Promise<void> {
    this.#stop.abort();
    await api.request('DELETE', collectionPath(RENDER_POOLS, this.#namespace));
  }

  #path(name: string): string {
    return objectPath(RENDER_POOLS, this.#namespace, name);
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
