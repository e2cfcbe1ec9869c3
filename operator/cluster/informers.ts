import type { Logger } from 'pino';
import type { RenderPool } from '../api/render-pool.ts';
import { CHILD_KINDS, type ChildKind } from '../children/children.ts';
import { MANAGED_BY, POOL_LABEL } from '../children/labels.ts';
import type { ApiClient } from './api-client.ts';
import type { ChildStores } from './apply.ts';
import type { KeptAliveKubeConfig } from './connection.ts';
import { RENDER_POOLS, type ObjectKind } from './objects.ts';
import { Reflector } from './reflector.ts';
import { keyOf, Store, type ObjectKey, type Stored } from './store.ts';

/** What an event changed: the object itself, or only its status. */
type Change = 'object' | 'status';

export interface InformersOptions {
  connection: KeptAliveKubeConfig;
  client: ApiClient;
  /** Empty: the whole cluster. */
  namespaces: string[];
  logger: Logger;
  now?: (() => number) | undefined;
  /** Called with the key of a pool when it or one of its objects changes. */
  onChange: (pool: ObjectKey, change: Change) => void;
}

/** Informers of the RenderPools and of the objects that the operator manages. */
export class Informers {
  readonly pools = new Store<RenderPool>();
  readonly children: ChildStores = {
    ServiceAccount: new Store(),
    NetworkPolicy: new Store(),
    Service: new Store(),
    PodDisruptionBudget: new Store(),
    Deployment: new Store(),
  };
  readonly reflectors: Pick<Reflector<Stored>, 'name' | 'synced' | 'sinceProgressMs' | 'run'>[] = [];

  constructor({ connection, client, namespaces, logger, now, onChange }: InformersOptions) {
    const scopes = namespaces.length > 0 ? namespaces : [undefined];
    const reflect = <T extends Stored>(kind: ObjectKind, store: Store<T>, labelSelector?: string) => {
      for (const namespace of scopes) {
        const scope = { kind, namespace, labelSelector };
        this.reflectors.push(new Reflector<T>({ ...scope, connection, client, store, logger, now }));
      }
    };
    reflect(RENDER_POOLS, this.pools);
    this.pools.onChange((after, before) => {
      const metadata = (after ?? before)?.metadata;
      if (metadata) onChange(keyOf(metadata.namespace, metadata.name), changeOf(after, before));
    });
    const selector = Object.entries(MANAGED_BY).flat().join('=');
    for (const kind of Object.keys(CHILD_KINDS) as ChildKind[]) {
      reflect(CHILD_KINDS[kind], this.children[kind], selector);
      this.children[kind].onChange((after, before) => {
        const metadata = (after ?? before)?.metadata;
        const pool = metadata?.labels?.[POOL_LABEL];
        if (metadata && pool !== undefined) {
          onChange(keyOf(metadata.namespace, pool), changeOf(after, before));
        }
      });
    }
  }

  /** Whether every collection has been listed once. */
  get synced(): boolean {
    return this.reflectors.every((reflector) => reflector.synced);
  }

  /** Follows the cluster until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.reflectors.map((reflector) => reflector.run(signal)));
  }
}

/** The API server increments the generation on every change but that of the status. */
function changeOf(after: Stored | undefined, before: Stored | undefined): Change {
  return after && before && after.metadata.generation === before.metadata.generation ? 'status' : 'object';
}
