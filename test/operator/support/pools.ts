import { expect } from '@jest/globals';
import { stringify } from 'yaml';
import { APPLY } from '../../../operator/cluster/api-client.ts';
import {
  objectPath,
  RENDER_POOLS,
  type LiveDeployment,
  type LiveObject,
} from '../../../operator/cluster/objects.ts';
import type { RenderPool } from '../../../operator/api/render-pool.ts';
import type { Condition, ConditionType } from '../../../operator/api/status.ts';
import { eventually } from '../../harness/eventually.ts';
import type { Cluster } from '../../harness/kubernetes/cluster.ts';

/** The RenderPools of one namespace, as a user sees them. */
export class Pools {
  readonly cluster: Cluster;
  readonly namespace: string;

  constructor(cluster: Cluster, namespace: string) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  async apply(name: string, spec: object): Promise<void> {
    const body = { apiVersion: 'renderfleet.dev/v1alpha1', kind: 'RenderPool', metadata: { name }, spec };
    const query = { fieldManager: 'person', force: true };
    await this.cluster.api.request('PATCH', objectPath(RENDER_POOLS, this.namespace, name), {
      ...{ body, query, contentType: APPLY },
    });
  }

  get(name: string): Promise<RenderPool> {
    return this.cluster.api.request('GET', objectPath(RENDER_POOLS, this.namespace, name));
  }

  async condition(name: string, type: ConditionType): Promise<Condition | undefined> {
    return (await this.get(name)).status?.conditions?.find((condition) => condition.type === type);
  }

  deployment(name: string): Promise<LiveDeployment> {
    return this.child('apps/v1', 'deployments', name);
  }

  /** An object of a pool; all of them have the same name. */
  child<T extends LiveObject>(apiVersion: string, plural: string, pool: string): Promise<T> {
    return this.cluster.api.request(
      'GET',
      objectPath({ apiVersion, plural }, this.namespace, `${pool}-renderer`),
    );
  }

  /** The replicas of a pool's Deployment. */
  async replicas(name: string): Promise<number | undefined> {
    return (await this.deployment(name)).spec?.replicas;
  }

  /** Waits until a pool's Deployment has so many replicas. */
  async settled(name: string, replicas: number): Promise<void> {
    await eventually(async () => {
      expect(await this.replicas(name)).toBe(replicas);
    });
  }

  /** Names of the pods that are not being deleted. */
  async pods(): Promise<string[]> {
    const path = `/api/v1/namespaces/${this.namespace}/pods`;
    const { items } = await this.cluster.api.request<{ items: LiveObject[] }>('GET', path);
    return items.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => metadata.name);
  }

  /** Events of a pool as `reason: note`. */
  async events(name: string): Promise<string[]> {
    const path = `/apis/events.k8s.io/v1/namespaces/${this.namespace}/events`;
    const { items } = await this.cluster.api.request<{
      items: { regarding?: { name?: string }; reason: string; note: string }[];
    }>('GET', path);
    return items
      .filter(({ regarding }) => regarding?.name === name)
      .map(({ reason, note }) => `${reason}: ${note}`);
  }

  /** Runs kubectl in the namespace. Throws if it fails. */
  kubectl(args: string[], input?: object): string {
    const { code, stdout, stderr } = this.cluster.kubectl(
      ['-n', this.namespace, ...args],
      input && stringify(input),
    );
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }
}
