import { CHILD_KINDS, type ChildKind, type Children } from '../children/children.ts';
import { HASH_ANNOTATION, isAsApplied } from '../children/drift.ts';
import { childName } from '../children/labels.ts';
import type { Manifest } from '../children/manifest.ts';
import { hasCode } from './api-client.ts';
import type { Cluster } from './cluster.ts';
import type { LiveObject } from './objects.ts';
import { keyOf, type Store } from './store.ts';

/** The known objects of all pools, by kind. */
export type ChildStores = Record<ChildKind, Store<LiveObject>>;

/** By kind, the object version that a manifest resulted in: such an object needs no comparison. */
export type Applied = Map<
  ChildKind,
  { resourceVersion: string; hash: string | undefined; replicas: number | undefined }
>;

/** Where to apply the manifests of a pool. */
export interface ApplyTarget {
  pool: { name: string; namespace: string; uid: string };
  stores: ChildStores;
  cluster: Pick<Cluster, 'apply' | 'scale' | 'replaceSpec' | 'read' | 'remove'>;
  /** Updated after every change. */
  applied: Applied;
}

/** An object of the name that a pool needs belongs to someone else. */
export class NameTakenError extends Error {
  override name = 'NameTakenError';
}

/**
 * Creates the missing objects of a pool, corrects the drifted ones and deletes those that it must not have. An object that
 * matches its manifest costs no request.
 *
 * @throws NameTakenError if an object of that name belongs to someone else; ApiError if the API server refuses a request
 */
export async function applyChildren(desired: Children, replicas: number, target: ApplyTarget): Promise<void> {
  const applyOne = async (kind: ChildKind) => {
    const manifest = desired[kind];
    if (!manifest) await removeChild(kind, target);
    else await applyChild(kind, manifest, kind === 'Deployment' ? replicas : undefined, target);
  };
  const others = (Object.keys(CHILD_KINDS) as ChildKind[]).filter((kind) => kind !== 'Deployment');
  // Waits for all of them, so that no request outlasts this reconciliation.
  const outcomes = await Promise.allSettled(others.map(applyOne));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  // The pods come last, when the policies that apply to them exist.
  await applyOne('Deployment');
}

async function applyChild(
  kind: ChildKind,
  content: Manifest,
  replicas: number | undefined,
  { pool, stores, cluster, applied }: ApplyTarget,
): Promise<void> {
  const { namespace, name, annotations } = content.metadata;
  const hash = annotations?.[HASH_ANNOTATION];
  const live = stores[kind].get(keyOf(namespace, name));
  const last = applied.get(kind);
  const isUnchanged = last?.hash === hash && last?.replicas === replicas;
  if (live && isUnchanged && last?.resourceVersion === live.metadata.resourceVersion) return;
  const manifest = replicas === undefined ? content : { ...content, spec: { ...content.spec, replicas } };
  const result =
    !live || !isOwned(live, pool.uid)
      ? await adopt(kind, manifest, pool.uid, cluster)
      : isAsApplied(live, manifest)
        ? live
        : await correct(kind, live, manifest, cluster);
  stores[kind].putQuietly(result);
  applied.set(kind, { resourceVersion: result.metadata.resourceVersion, hash, replicas });
}

/** Corrects an object. If only its replicas differ, scaling takes a third of the API server's time. */
async function correct(
  kind: ChildKind,
  live: LiveObject,
  manifest: Manifest,
  cluster: ApplyTarget['cluster'],
): Promise<LiveObject> {
  const replicas = manifest.spec?.replicas;
  if (replicas !== undefined && isAsApplied({ ...live, spec: { ...live.spec, replicas } }, manifest)) {
    try {
      return await cluster.scale(live, replicas);
    } catch (error) {
      // The Deployment has changed or disappeared since.
      if (!hasCode(error, 409) && !hasCode(error, 404)) throw error;
    }
  }
  try {
    return await cluster.apply(manifest, true);
  } catch (error) {
    if (!hasCode(error, 422) || !manifest.spec) throw error;
    // Another manager may have set a field that excludes one of ours, such as a budget's minAvailable; apply does not remove it.
    await cluster.replaceSpec(kind, live, manifest.spec);
    return cluster.apply(manifest, true);
  }
}

/**
 * Creates an object that is not in the store. If it exists after all, it must belong to the pool: a conflict over the
 * selector reveals an object of someone else, except for a ServiceAccount or a Service, which need not have one.
 */
async function adopt(
  kind: ChildKind,
  manifest: Manifest,
  owner: string,
  cluster: ApplyTarget['cluster'],
): Promise<LiveObject> {
  if (kind !== 'ServiceAccount' && kind !== 'Service') {
    try {
      return await cluster.apply(manifest, false);
    } catch (error) {
      if (!hasCode(error, 409)) throw error;
    }
  }
  const { namespace, name } = manifest.metadata;
  const found = await cluster.read(kind, namespace, name);
  if (found && !isOwned(found, owner)) {
    throw new NameTakenError(
      `${kind} ${name} already exists and does not belong to this pool; rename or delete it`,
    );
  }
  return cluster.apply(manifest, found !== undefined);
}

async function removeChild(kind: ChildKind, { pool, stores, cluster }: ApplyTarget): Promise<void> {
  const live = stores[kind].get(keyOf(pool.namespace, childName(pool.name)));
  if (!live || !isOwned(live, pool.uid)) return;
  await cluster.remove(kind, live);
  stores[kind].delete(live);
}

function isOwned({ metadata }: LiveObject, uid: string): boolean {
  return metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
}
