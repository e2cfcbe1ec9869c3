import type { V1Pod, V1Scale, V1Secret, V1Service } from '@kubernetes/client-node';
import { API_VERSION, KIND, type RenderPool } from '../api/render-pool.ts';
import type { RenderPoolStatus } from '../api/status.ts';
import { CHILD_KINDS, type ChildKind } from '../children/children.ts';
import type { Manifest, Plain } from '../children/manifest.ts';
import { APPLY, hasCode, JSON_PATCH, MERGE_PATCH, type ApiClient, type ApiRequest } from './api-client.ts';
import { EventRecorder, type PoolEvent } from './event-recorder.ts';
import {
  collectionPath,
  objectPath,
  RENDER_POOLS,
  trimmed,
  type LiveObject,
  type LivePod,
  type LiveService,
  type ObjectKind,
} from './objects.ts';

/** The field manager of everything that the operator applies. */
const FIELD_MANAGER = 'renderfleet-operator';

/** The annotation by which a ReplicaSet chooses which ready pods to delete first: those with the lowest cost. */
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

const PODS: ObjectKind = { apiVersion: 'v1', plural: 'pods' };
const SERVICES: ObjectKind = { apiVersion: 'v1', plural: 'services' };
const SECRETS: ObjectKind = { apiVersion: 'v1', plural: 'secrets' };

/**
 * The operator's requests to a cluster, one method each. All of them throw ApiError for a response other than 2xx, unless
 * they say otherwise.
 */
export class Cluster {
  readonly #client: ApiClient;
  readonly #events: EventRecorder;

  /** @param client one that refuses to write while this operator is not the leader */
  constructor(client: ApiClient, identity: string) {
    this.#client = client;
    this.#events = new EventRecorder(client, identity);
  }

  /** Server-side apply. Without force it fails with a conflict (409) over fields of another manager. */
  async apply(manifest: Manifest, force: boolean): Promise<LiveObject> {
    const { namespace, name } = manifest.metadata;
    const path = objectPath(CHILD_KINDS[manifest.kind as ChildKind], namespace, name);
    return trimmed(await this.#patch<LiveObject>(path, APPLY, manifest, { force }));
  }

  /**
   * Changes the replicas of a Deployment and nothing else. Fails with a conflict (409) if the Deployment has changed since,
   * and with 404 if it no longer exists.
   */
  async scale(deployment: LiveObject, replicas: number): Promise<LiveObject> {
    const { namespace, name, uid, resourceVersion, generation = 0 } = deployment.metadata;
    const path = `${objectPath(CHILD_KINDS.Deployment, namespace, name)}/scale`;
    const metadata = { name, namespace, uid, resourceVersion };
    const body = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas } };
    const answer = await this.#patch<Plain<V1Scale>>(path, APPLY, body, { force: true });
    // The answer is only a Scale, but the request's resource version guarantees that nothing else has changed.
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

  /** Replaces the whole spec of an object, whoever owns its fields. Fails if another object has taken its name. */
  async replaceSpec(kind: ChildKind, { metadata }: LiveObject, spec: object): Promise<void> {
    const { namespace, name, uid } = metadata;
    const body = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'replace', path: '/spec', value: spec },
    ];
    await this.#patch(objectPath(CHILD_KINDS[kind], namespace, name), JSON_PATCH, body, {});
  }

  /** The object; undefined if it does not exist. */
  async read(kind: ChildKind, namespace: string, name: string): Promise<LiveObject | undefined> {
    const found = await this.#find<LiveObject>(objectPath(CHILD_KINDS[kind], namespace, name));
    return found && trimmed(found);
  }

  /** Deletes an object if it still exists. */
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
    // The uid prevents writing to a new pool of the same name.
    const body = { apiVersion: API_VERSION, kind: KIND, metadata: { name, namespace, uid }, status };
    const path = `${objectPath(RENDER_POOLS, namespace, name)}/status`;
    return trimmed(await this.#patch<RenderPool>(path, APPLY, body, { force: true }));
  }

  /** The pods that a label selector matches. */
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

  /** Sets the deletion cost of a pod if it still exists. */
  async setDeletionCost(namespace: string, pod: string, cost: string): Promise<void> {
    const body = { metadata: { annotations: { [DELETION_COST]: cost } } };
    try {
      await this.#patch(objectPath(PODS, namespace, pod), MERGE_PATCH, body, {});
    } catch (error) {
      if (!hasCode(error, 404)) throw error;
    }
  }

  /** The Service; undefined if it does not exist or the operator may not read it. */
  async service(namespace: string, name: string): Promise<LiveService | undefined> {
    const found = await this.#find<Plain<V1Service>>(objectPath(SERVICES, namespace, name), [404, 403]);
    return (
      found && {
        selector: found.spec?.selector,
        ports: (found.spec?.ports ?? []).map(({ port, targetPort = port }) => ({ port, targetPort })),
      }
    );
  }

  /** The value of a key of a Secret; undefined if either does not exist. */
  async secret(namespace: string, name: string, key: string): Promise<string | undefined> {
    const found = await this.#find<Plain<V1Secret>>(objectPath(SECRETS, namespace, name));
    const value = found?.data?.[key];
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8').trim();
  }

  /** Records an event of a pool. */
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

  /** An object; undefined if the response has one of these codes. */
  async #find<T>(path: string, absent = [404]): Promise<T | undefined> {
    try {
      return await this.#client.request<T>('GET', path);
    } catch (error) {
      if (absent.some((code) => hasCode(error, code))) return undefined;
      throw error;
    }
  }
}
