/** The spec of a coordination.k8s.io/v1 Lease. Times are MicroTime: RFC 3339 with six digits of a second. */
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

/** A time as the API server wants it in a Lease; a Date's three digits would be refused. */
export function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}

/** The spec with which `identity` takes over a lease. */
export function taken(before: LeaseSpec, identity: string, seconds: number, now: Date): LeaseSpec {
  return {
    holderIdentity: identity,
    leaseDurationSeconds: seconds,
    acquireTime: microTime(now),
    renewTime: microTime(now),
    leaseTransitions: (before.leaseTransitions ?? 0) + (before.holderIdentity === identity ? 0 : 1),
  };
}

/** The spec with which its holder keeps a lease. */
export function renewed(before: LeaseSpec, seconds: number, now: Date): LeaseSpec {
  return { ...before, leaseDurationSeconds: seconds, renewTime: microTime(now) };
}

/** The spec with which its holder gives a lease up, so that the next one need not wait for its end. */
export function released(before: LeaseSpec, now: Date): LeaseSpec {
  return { ...before, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(now) };
}
