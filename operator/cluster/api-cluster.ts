import type { V1Pod, V1Scale, V1Secret, V1Service } from '@kubernetes/client-node';
import { CHILD_KINDS, type ChildKind } from '../children/manifests.ts';
import type { Manifest } from '../children/context.ts';
import type { Plain } from '../children/plain.ts';
import type { Cluster, LivePod, LiveService } from './cluster.ts';
import { DELETION_COST } from '../controller/deletion-cost.ts';
import { trimmed, type LiveObject } from './live.ts';
import { API_VERSION, KIND, type RenderPool } from '../api/render-pool.ts';
import type { RenderPoolStatus } from '../api/status.ts';
import type { PoolEvent } from '../controller/events.ts';
import { APPLY, JSON_PATCH, MERGE_PATCH, type ApiClient, type ApiRequest } from './api-client.ts';
import { hasCode } from './api-error.ts';
import { EventRecorder } from './event-recorder.ts';
import { objectPath, collectionPath, RENDER_POOLS, type Resource } from './paths.ts';

/** Who owns the fields that the operator applies. */
export const FIELD_MANAGER = 'renderfleet-operator';

const PODS: Resource = { apiVersion: 'v1', plural: 'pods' };
const SERVICES: Resource = { apiVersion: 'v1', plural: 'services' };
const SECRETS: Resource = { apiVersion: 'v1', plural: 'secrets' };

/** The cluster behind an API server. */
export class ApiCluster implements Cluster {
  readonly #client: ApiClient;
  readonly #events: EventRecorder;

  /** @param client one that refuses to write when this operator does not lead */
  constructor(client: ApiClient, identity: string) {
    this.#client = client;
    this.#events = new EventRecorder(client, identity);
  }

  async apply(manifest: Manifest, force: boolean): Promise<LiveObject> {
    const { namespace, name } = manifest.metadata;
    const path = objectPath(CHILD_KINDS[manifest.kind as ChildKind], namespace, name);
    return trimmed(await this.#patch<LiveObject>(path, APPLY, manifest, { force }));
  }

  async scale(deployment: LiveObject, replicas: number): Promise<LiveObject> {
    const { namespace, name, uid, resourceVersion, generation = 0 } = deployment.metadata;
    const path = `${objectPath(CHILD_KINDS.Deployment, namespace, name)}/scale`;
    const metadata = { name, namespace, uid, resourceVersion };
    const body = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas } };
    const answer = await this.#patch<Plain<V1Scale>>(path, APPLY, body, { force: true });
    // The answer is a Scale only; the version that the request named leaves no doubt of the rest.
    return {
      ...deployment,
      metadata: {
        ...deployment.metadata,
        resourceVersion: answer.metadata?.resourceVersion ?? resourceVersion,
        generation: generation + 1,
      },
      spec: { ...deployment.spec, replicas },
    };
  }

  async replaceSpec(kind: ChildKind, { metadata }: LiveObject, spec: object): Promise<void> {
    const { namespace, name, uid } = metadata;
    const body = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'replace', path: '/spec', value: spec },
    ];
    await this.#patch(objectPath(CHILD_KINDS[kind], namespace, name), JSON_PATCH, body, {});
  }

  async read(kind: ChildKind, namespace: string, name: string): Promise<LiveObject | undefined> {
    const found = await this.#find<LiveObject>(objectPath(CHILD_KINDS[kind], namespace, name));
    return found && trimmed(found);
  }

  async remove(kind: ChildKind, { metadata }: LiveObject): Promise<void> {
    const { namespace, name, uid } = metadata;
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
    try {
      await this.#client.request('DELETE', objectPath(CHILD_KINDS[kind], namespace, name), { body });
    } catch (error) {
      if (!hasCode(error, 404)) throw error;
    }
  }

  async writeStatus({ metadata }: RenderPool, status: RenderPoolStatus): Promise<RenderPool> {
    const { namespace, name, uid } = metadata;
    // The uid keeps the status of a pool from being written to another of the same name.
    const body = { apiVersion: API_VERSION, kind: KIND, metadata: { name, namespace, uid }, status };
    const path = `${objectPath(RENDER_POOLS, namespace, name)}/status`;
    return trimmed(await this.#patch<RenderPool>(path, APPLY, body, { force: true }));
  }

  async pods(namespace: string, selector: string): Promise<LivePod[]> {
    const query = { labelSelector: selector, resourceVersion: '0' };
    const path = collectionPath(PODS, namespace);
    const { items } = await this.#client.request<{ items: Plain<V1Pod>[] }>('GET', path, { query });
    return items.map(({ metadata, status }) => ({
      name: metadata?.name ?? '',
      ip: status?.podIP,
      deletionCost: metadata?.annotations?.[DELETION_COST],
    }));
  }

  async setDeletionCost(namespace: string, pod: string, cost: string): Promise<void> {
    const body = { metadata: { annotations: { [DELETION_COST]: cost } } };
    try {
      await this.#patch(objectPath(PODS, namespace, pod), MERGE_PATCH, body, {});
    } catch (error) {
      if (!hasCode(error, 404)) throw error;
    }
  }

  async service(namespace: string, name: string): Promise<LiveService | undefined> {
    // A Service in a namespace that the operator has no rights in counts as unknown.
    const found = await this.#find<Plain<V1Service>>(objectPath(SERVICES, namespace, name), [404, 403]);
    return (
      found && {
        selector: found.spec?.selector,
        ports: (found.spec?.ports ?? []).map(({ port, targetPort = port }) => ({ port, targetPort })),
      }
    );
  }

  async secret(namespace: string, name: string, key: string): Promise<string | undefined> {
    const found = await this.#find<Plain<V1Secret>>(objectPath(SECRETS, namespace, name));
    const value = found?.data?.[key];
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8').trim();
  }

  async emit(pool: RenderPool, event: PoolEvent): Promise<void> {
    await this.#events.emit(pool, event);
  }

  async #patch<T>(path: string, contentType: string, body: unknown, query: ApiRequest['query']): Promise<T> {
    return this.#client.request<T>('PATCH', path, {
      contentType,
      body,
      query: { fieldManager: FIELD_MANAGER, ...query },
    });
  }

  /** An object; undefined when the answer is one of these codes. */
  async #find<T>(path: string, absent = [404]): Promise<T | undefined> {
    try {
      return await this.#client.request<T>('GET', path);
    } catch (error) {
      if (absent.some((code) => hasCode(error, code))) return undefined;
      throw error;
    }
  }
}
