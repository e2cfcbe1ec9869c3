import { hasCode } from '../cluster/api-error.ts';
import { CHILD_KINDS, type ChildKind } from './manifests.ts';
import type { Manifest } from './context.ts';
import { childName } from './labels.ts';
import type { Store } from '../cluster/store.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { hashed, isAsApplied } from './drift.ts';
import type { LiveObject } from '../cluster/live.ts';

/** The children of all pools, as far as they are known, by kind. */
export type ChildStores = Record<ChildKind, Store<LiveObject>>;

/** Which manifest became which state of an object, by kind: such a state needs no second look. */
export type Applied = Map<ChildKind, { resourceVersion: string; hash: string }>;

/** An object of the name that a pool needs is somebody else's. */
export class NameTakenError extends Error {
  override name = 'NameTakenError';
}

/**
 * Brings the objects of a pool about: makes what is missing, puts back what was changed, removes what should not be.
 * Whatever is as it should be costs no request.
 */
export async function keepChildren(
  desired: Record<ChildKind, Manifest | undefined>,
  pool: { name: string; namespace: string; uid: string },
  stores: ChildStores,
  cluster: Cluster,
  applied: Applied,
): Promise<void> {
  const one = async (kind: ChildKind) => {
    const manifest = desired[kind];
    if (manifest) await keep(kind, hashed(manifest), pool.uid, stores[kind], cluster, applied);
    else await removeChild(kind, pool, stores[kind], cluster);
  };
  const guards = (Object.keys(CHILD_KINDS) as ChildKind[]).filter((kind) => kind !== 'Deployment');
  // All are waited for, so that nothing of this goes on when the next reconciliation starts.
  const outcomes = await Promise.allSettled(guards.map(one));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  // Pods come last, into what guards them.
  await one('Deployment');
}

async function keep(
  kind: ChildKind,
  manifest: Manifest,
  owner: string,
  store: Store<LiveObject>,
  cluster: Cluster,
  applied: Applied,
): Promise<void> {
  const { namespace, name, annotations } = manifest.metadata;
  const hash = JSON.stringify([annotations, manifest.spec?.replicas]);
  const live = store.get(namespace, name);
  const last = applied.get(kind);
  if (live && last?.hash === hash && last.resourceVersion === live.metadata.resourceVersion) return;
  if (live && isOwned(live, owner) && isAsApplied(live, manifest)) {
    applied.set(kind, { resourceVersion: live.metadata.resourceVersion, hash });
    return;
  }
  const result =
    live && isOwned(live, owner)
      ? await change(kind, live, manifest, cluster)
      : await adopt(kind, manifest, owner, cluster);
  store.learn(result);
  applied.set(kind, { resourceVersion: result.metadata.resourceVersion, hash });
}

/** Puts an object right; one that differs in its replicas alone by these alone, which takes a third of the API server's time. */
async function change(
  kind: ChildKind,
  live: LiveObject,
  manifest: Manifest,
  cluster: Cluster,
): Promise<LiveObject> {
  const replicas = manifest.spec?.replicas;
  if (replicas !== undefined && isAsApplied({ ...live, spec: { ...live.spec, replicas } }, manifest)) {
    try {
      return await cluster.scale(live, replicas);
    } catch (error) {
      // It is not as it was known any more, or gone.
      if (!hasCode(error, 409) && !hasCode(error, 404)) throw error;
    }
  }
  try {
    return await cluster.apply(manifest, true);
  } catch (error) {
    if (!hasCode(error, 422) || !manifest.spec) throw error;
    // Somebody may have given it a field that excludes one of ours, as a budget's minAvailable does: an apply leaves that there.
    await cluster.replaceSpec(kind, live, manifest.spec);
    return cluster.apply(manifest, true);
  }
}

/**
 * Makes an object that is not known; over one that is there already only if it is the pool's own. One of
 * somebody else is told by the conflict over its selector; a ServiceAccount has none, nor need a Service have one.
 */
async function adopt(
  kind: ChildKind,
  manifest: Manifest,
  owner: string,
  cluster: Cluster,
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
      `there is a ${kind} ${name} already that does not belong to this pool; rename or delete it`,
    );
  }
  return cluster.apply(manifest, found !== undefined);
}

async function removeChild(
  kind: ChildKind,
  pool: { name: string; namespace: string; uid: string },
  store: Store<LiveObject>,
  cluster: Cluster,
): Promise<void> {
  const live = store.get(pool.namespace, childName(pool.name));
  if (!live || !isOwned(live, pool.uid)) return;
  await cluster.remove(kind, live);
  store.delete(live);
}

function isOwned({ metadata }: LiveObject, uid: string): boolean {
  return metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
}
