import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../cluster/api-error.ts';
import type { Manifest } from './context.ts';
import { Store } from '../cluster/store.ts';
import { keepChildren, type Applied, type ChildStores } from './apply.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { LiveObject } from '../cluster/live.ts';

const POOL = { name: 'cards', namespace: 'school', uid: 'pool' };

const deployment = (replicas: number, image = 'renderer:1'): Manifest & { spec: object } => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    ...{ name: 'cards-renderer', namespace: 'school', labels: {} },
    ownerReferences: [{ apiVersion: 'v1', kind: 'RenderPool', name: 'cards', uid: 'pool', controller: true }],
  },
  spec: { replicas, template: { spec: { containers: [{ name: 'renderer', image }] } } },
});

/** An API server with one Deployment, which writes down what it is asked. */
class OneDeployment {
  readonly asked: string[] = [];
  readonly stores = Object.fromEntries(
    ['ServiceAccount', 'NetworkPolicy', 'Service', 'PodDisruptionBudget', 'Deployment'].map((kind) => [
      kind,
      new Store<LiveObject>(),
    ]),
  ) as ChildStores;
  readonly #applied: Applied = new Map();
  refusal: number | undefined;
  #version = 0;

  async keep(manifest: Manifest): Promise<LiveObject | undefined> {
    const none = { ServiceAccount: undefined, NetworkPolicy: undefined, Service: undefined };
    const desired = { ...none, PodDisruptionBudget: undefined, Deployment: manifest };
    const cluster: Partial<Cluster> = {
      apply: (given) => this.#answer(`apply ${given.spec?.replicas}`, given as unknown as LiveObject),
      scale: (live, replicas) =>
        this.#answer(`scale ${replicas}`, { ...live, spec: { ...live.spec, replicas } }),
    };
    await keepChildren(desired, POOL, this.stores, cluster as Cluster, this.#applied);
    return this.stores.Deployment.get('school', 'cards-renderer');
  }

  /** Somebody else's change of the Deployment. */
  change(spec: object): void {
    const live = this.stores.Deployment.get('school', 'cards-renderer');
    if (!live) throw new Error('there is no Deployment yet');
    this.stores.Deployment.put(this.#versioned({ ...live, spec: { ...live.spec, ...spec } }));
  }

  #answer(call: string, object: LiveObject): Promise<LiveObject> {
    this.asked.push(call);
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

describe('the number of pods of a Deployment', () => {
  test('is written alone when nothing else has changed, and once', async () => {
    const server = new OneDeployment();
    await server.keep(deployment(0));
    await server.keep(deployment(3));
    expect(await server.keep(deployment(3))).toMatchObject({ spec: { replicas: 3 } });
    expect(server.asked).toEqual(['apply 0', 'scale 3']);
  });

  test('is put back alone when somebody else has changed it', async () => {
    const server = new OneDeployment();
    await server.keep(deployment(2));
    server.change({ replicas: 7 });
    expect(await server.keep(deployment(2))).toMatchObject({ spec: { replicas: 2 } });
    expect(server.asked).toEqual(['apply 2', 'scale 2']);
  });

  test.each([
    ['the manifest has changed, too', (server: OneDeployment) => server.keep(deployment(3, 'renderer:2'))],
    [
      'somebody else has changed more than that',
      (server: OneDeployment) => {
        server.change({ template: {} });
        return server.keep(deployment(3));
      },
    ],
  ])('is written with the whole when %s', async (_, happen) => {
    const server = new OneDeployment();
    await server.keep(deployment(0));
    await happen(server);
    expect(server.asked).toEqual(['apply 0', 'apply 3']);
  });

  test.each([
    ['is another one than was known', 409],
    ['is gone', 404],
  ])('is written with the whole when the Deployment %s', async (_, code) => {
    const server = new OneDeployment();
    await server.keep(deployment(0));
    server.refusal = code;
    expect(await server.keep(deployment(3))).toMatchObject({ spec: { replicas: 3 } });
    expect(server.asked).toEqual(['apply 0', 'scale 3', 'apply 3']);
  });

  test('is not written at all when the API server refuses it for another reason', async () => {
    const server = new OneDeployment();
    await server.keep(deployment(0));
    server.refusal = 403;
    await expect(server.keep(deployment(3))).rejects.toMatchObject({ code: 403 });
    expect(server.asked).toEqual(['apply 0', 'scale 3']);
  });
});
