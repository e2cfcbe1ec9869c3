import type { Lease } from './lease.ts';
import type { LeaseStore } from './leader-election.ts';
import type { ApiClient } from './api-client.ts';
import { hasCode } from './api-error.ts';
import { collectionPath, objectPath, type Resource } from './paths.ts';

const LEASES: Resource = { apiVersion: 'coordination.k8s.io/v1', plural: 'leases' };

/** One Lease of the API server. */
export function apiLeases(client: ApiClient, namespace: string, name: string): LeaseStore {
  const path = objectPath(LEASES, namespace, name);
  /** Undefined when the API server says that somebody else was first. */
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
