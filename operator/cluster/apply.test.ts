import { describe, expect, test } from '@jest/globals';
import { hashed } from '../children/drift.ts';
import type { Manifest } from '../children/manifest.ts';
import { ApiError } from './api-client.ts';
import { applyChildren, type Applied, type ApplyTarget, type ChildStores } from './apply.ts';
import type { LiveObject } from './objects.ts';
import { keyOf, Store } from './store.ts';

const POOL = { name: 'cards', namespace: 'school', uid: 'pool' };

const DEPLOYMENT = keyOf('school', 'cards-renderer');

const deployment = (image: string): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    ...{ name: 'cards-renderer', namespace: 'school', labels: {} },
    ownerReferences: [{ apiVersion: 'v1', kind: 'RenderPool', name: 'cards', uid: 'pool', controller: true }],
  },
  spec: { template: { spec: { containers: [{ name: 'renderer', image }] } } },
});

/** An API server with one Deployment, which records its requests. */
class OneDeployment {
  readonly requests: string[] = [];
  readonly stores = Object.fromEntries(
    ['ServiceAccount', 'NetworkPolicy', 'Service', 'PodDisruptionBudget', 'Deployment'].map((kind) => [
      kind,
      new Store<LiveObject>(),
    ]),
  ) as ChildStores;
  readonly #applied: Applied = new Map();
  refusal: number | undefined;
  #version = 0;

  async apply(replicas: number, image = 'renderer:1'): Promise<LiveObject | undefined> {
    const none = { ServiceAccount: undefined, NetworkPolicy: undefined, Service: undefined };
    const desired = { ...none, PodDisruptionBudget: undefined, Deployment: hashed(deployment(image)) };
    const cluster: Partial<ApplyTarget['cluster']> = {
      apply: (given) => this.#answer(`apply ${given.spec?.replicas}`, given as unknown as LiveObject),
      scale: (live, replicas) =>
        this.#answer(`scale ${replicas}`, { ...live, spec: { ...live.spec, replicas } }),
    };
    const target = { pool: POOL, stores: this.stores, applied: this.#applied };
    await applyChildren(desired, replicas, { ...target, cluster: cluster as ApplyTarget['cluster'] });
    return this.stores.Deployment.get(DEPLOYMENT);
  }

  /** Changes the Deployment as another manager. */
  change(spec: object): void {
    const live = this.stores.Deployment.get(DEPLOYMENT);
    if (!live) throw new Error('The Deployment does not exist yet');
    this.stores.Deployment.put(this.#versioned({ ...live, spec: { ...live.spec, ...spec } }));
  }

  #answer(call: string, object: LiveObject): Promise<LiveObject> {
    this.requests.push(call);
    if (call.startsWith('scale') && this.refusal !== undefined) {
      return Promise.reject(new ApiError(this.refusal, '', 'refused'));
    }
    return Promise.resolve(this.#versioned(object));
  }

  #versioned(object: LiveObject): LiveObject {
    this.#version++;
    return {
      ...object,
      metadata: { ...object.metadata, uid: 'one', resourceVersion: String(this.#version) },
    };
  }
}

describe('the replicas of a Deployment', () => {
  test('are written alone, and once, if nothing else has changed', async () => {
    const server = new OneDeployment();
    await server.apply(0);
    await server.apply(3);
    expect(await server.apply(3)).toMatchObject({ spec: { replicas: 3 } });
    expect(server.requests).toEqual(['apply 0', 'scale 3']);
  });

  test('are corrected alone if another manager has changed them', async () => {
    const server = new OneDeployment();
    await server.apply(2);
    server.change({ replicas: 7 });
    expect(await server.apply(2)).toMatchObject({ spec: { replicas: 2 } });
    expect(server.requests).toEqual(['apply 2', 'scale 2']);
  });

  test.each([
    ['the manifest has changed as well', (server: OneDeployment) => server.apply(3, 'renderer:2')],
    [
      'another manager has changed more than that',
      (server: OneDeployment) => {
        server.change({ template: {} });
        return server.apply(3);
      },
    ],
  ])('are written with the whole Deployment if %s', async (_, happen) => {
    const server = new OneDeployment();
    await server.apply(0);
    await happen(server);
    expect(server.requests).toEqual(['apply 0', 'apply 3']);
  });

  test.each([
    ['has changed since', 409],
    ['no longer exists', 404],
  ])('are written with the whole Deployment if it %s', async (_, code) => {
    const server = new OneDeployment();
    await server.apply(0);
    server.refusal = code;
    expect(await server.apply(3)).toMatchObject({ spec: { replicas: 3 } });
    expect(server.requests).toEqual(['apply 0', 'scale 3', 'apply 3']);
  });

  test('are not written if the API server refuses them for another reason', async () => {
    const server = new OneDeployment();
    await server.apply(0);
    server.refusal = 403;
    await expect(server.apply(3)).rejects.toMatchObject({ code: 403 });
    expect(server.requests).toEqual(['apply 0', 'scale 3']);
  });
});
