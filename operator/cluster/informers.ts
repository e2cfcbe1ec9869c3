import type { Logger } from 'pino';
import type { ApiClient } from './api-client.ts';
import type { KeptAliveKubeConfig } from './connection.ts';
import { RENDER_POOLS, type Resource } from './paths.ts';
import { Reflector } from './reflector.ts';
import { CHILD_KINDS, type ChildKind } from '../children/manifests.ts';
import { MANAGED_BY, POOL_LABEL } from '../children/labels.ts';
import type { ChildStores } from '../children/apply.ts';
import { trimmed } from './live.ts';
import type { RenderPool } from '../api/render-pool.ts';
import { keyOf, Store, type Stored } from './store.ts';
import type { Lane } from '../controller/work-queue.ts';

export interface ViewsOptions {
  connection: KeptAliveKubeConfig;
  client: ApiClient;
  /** None: the whole cluster. */
  namespaces: string[];
  logger: Logger;
  now?: (() => number) | undefined;
  /** Told the key of every pool of which something has changed, and how urgent that is. */
  onChange: (pool: string, lane: Lane) => void;
}

/** What is known of the cluster: the pools, and of the objects of other kinds those that the operator made. */
export class Views {
  readonly pools = new Store<RenderPool>();
  readonly children: ChildStores = {
    ServiceAccount: new Store(),
    NetworkPolicy: new Store(),
    Service: new Store(),
    PodDisruptionBudget: new Store(),
    Deployment: new Store(),
  };
  readonly reflectors: Pick<Reflector<Stored>, 'name' | 'synced' | 'sinceProgressMs' | 'run'>[] = [];

  constructor({ connection, client, namespaces, logger, now, onChange }: ViewsOptions) {
    const scopes = namespaces.length > 0 ? namespaces : [undefined];
    const reflect = <T extends Stored>(resource: Resource, store: Store<T>, labelSelector?: string) => {
      for (const namespace of scopes) {
        const options = {
          connection,
          client,
          resource,
          namespace,
          labelSelector,
          store,
          keep: trimmed,
          logger,
          now,
        };
        this.reflectors.push(new Reflector<T>(options));
      }
    };
    reflect(RENDER_POOLS, this.pools);
    this.pools.onChange((after, before) => {
      const metadata = (after ?? before)?.metadata;
      if (metadata) onChange(keyOf(metadata.namespace, metadata.name), laneOf(after, before));
    });
    const selector = Object.entries(MANAGED_BY).flat().join('=');
    for (const kind of Object.keys(CHILD_KINDS) as ChildKind[]) {
      reflect(CHILD_KINDS[kind], this.children[kind], selector);
      this.children[kind].onChange((after, before) => {
        const metadata = (after ?? before)?.metadata;
        const pool = metadata?.labels?.[POOL_LABEL];
        if (metadata && pool !== undefined) {
          onChange(keyOf(metadata.namespace, pool), laneOf(after, before));
        }
      });
    }
  }

  /** Whether everything has been seen once. */
  get synced(): boolean {
    return this.reflectors.every((reflector) => reflector.synced);
  }

  /** Keeps up with the cluster until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.reflectors.map((reflector) => reflector.run(signal)));
  }
}

/** What has the generation that it had is at most another status, which is only to be reported. */
function laneOf(after: Stored | undefined, before: Stored | undefined): Lane {
  return after && before && after.metadata.generation === before.metadata.generation ? 'calm' : 'urgent';
}
