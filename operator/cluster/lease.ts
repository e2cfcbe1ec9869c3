import { hasCode, type ApiClient } from './api-client.ts';
import { collectionPath, microTime, objectPath, type ObjectKind } from './objects.ts';

const LEASES: ObjectKind = { apiVersion: 'coordination.k8s.io/v1', plural: 'leases' };

/** The spec of a coordination.k8s.io/v1 Lease. Times are MicroTime: RFC 3339 with six decimal places of a second. */
export interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

export interface Lease {
  apiVersion: 'coordination.k8s.io/v1';
  kind: 'Lease';
  metadata: { name: string; namespace: string; resourceVersion?: string };
  spec?: LeaseSpec;
}

/** Storage of one Lease. `create` and `update` resolve to undefined if another writer was first. */
export interface LeaseStore {
  get(signal: AbortSignal): Promise<Lease | undefined>;
  create(lease: Lease, signal: AbortSignal): Promise<Lease | undefined>;
  update(lease: Lease, signal: AbortSignal): Promise<Lease | undefined>;
}

/** One Lease on the API server. */
export function apiLeases(client: ApiClient, namespace: string, name: string): LeaseStore {
  const path = objectPath(LEASES, namespace, name);
  const unless = async (code: number, call: Promise<Lease>): Promise<Lease | undefined> => {
    try {
      return await call;
    } catch (error) {
      if (hasCode(error, code)) return undefined;
      throw error;
    }
  };
  return {
    get: (signal) => unless(404, client.request('GET', path, { signal })),
    create: (lease, signal) =>
      unless(409, client.request('POST', collectionPath(LEASES, namespace), { body: lease, signal })),
    update: (lease, signal) => unless(409, client.request('PUT', path, { body: lease, signal })),
  };
}

/** The spec with which `identity` takes over a lease. */
export function acquired(before: LeaseSpec, identity: string, seconds: number, now: Date): LeaseSpec {
  return {
    holderIdentity: identity,
    leaseDurationSeconds: seconds,
    acquireTime: microTime(now),
    renewTime: microTime(now),
    leaseTransitions: (before.leaseTransitions ?? 0) + (before.holderIdentity === identity ? 0 : 1),
  };
}

/** The spec with which the holder renews its lease. */
export function renewed(before: LeaseSpec, seconds: number, now: Date): LeaseSpec {
  return { ...before, leaseDurationSeconds: seconds, renewTime: microTime(now) };
}

/** The spec with which the holder releases its lease, so that the next leader need not wait for its expiry. */
export function released(before: LeaseSpec, now: Date): LeaseSpec {
  return { ...before, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(now) };
}
