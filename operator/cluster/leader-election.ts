import type { Logger } from 'pino';
import { pause } from '../../service/backoff.ts';
import { withDeadline } from '../../service/deadline.ts';
import { acquired, released, renewed, type Lease, type LeaseStore } from './lease.ts';

/** The settings of the election; times in seconds. */
export interface LeaderConfig {
  /** Namespace and name of the Lease. */
  namespace: string;
  name: string;
  /** How long a lease is valid after its last renewal. */
  leaseSeconds: number;
  /** How long a leader continues without a successful renewal. Less than leaseSeconds; the difference is the safety margin. */
  renewDeadlineSeconds: number;
  /** Time between attempts. */
  retrySeconds: number;
}

export interface LeaderElectionOptions extends LeaderConfig {
  leases: LeaseStore;
  identity: string;
  logger: Logger;
  onChange?: (leading: boolean) => void;
}

/**
 * Elects one of several operators as the leader by a Lease, like client-go: a candidate that sees the lease unchanged for
 * its whole duration, by its own clock, takes it over. A leader that has not renewed before the renewal deadline stops
 * writing, and the deadline passes before another candidate can take over.
 */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  /** End of the leadership on the monotonic clock, in milliseconds. */
  #leadingUntil = -Infinity;
  #seen: { version: string | undefined; at: number } | undefined;
  #held: Lease | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
  }

  /** Whether this operator may write right now. */
  get leading(): boolean {
    return performance.now() < this.#leadingUntil;
  }

  /**
   * Competes for the lease until the signal is aborted. While it holds the lease, `lead` runs with a signal that is aborted
   * when the lease is lost; it must end soon after. On a shutdown it releases the lease once `lead` has ended.
   */
  async run(signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      if (await this.#attempt(signal)) await this.#term(signal, lead);
      else await this.#pause(signal);
    }
  }

  async #term(signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const lost = new AbortController();
    this.#options.onChange?.(true);
    this.#options.logger.info({ identity: this.#options.identity }, 'became the leader');
    const term = lead(AbortSignal.any([signal, lost.signal]));
    const ended = term.then(
      () => undefined,
      (error: unknown) => {
        this.#options.logger.error({ err: error }, 'the leader failed');
      },
    );
    try {
      while (!signal.aborted && (await this.#renew(signal)));
    } finally {
      lost.abort(new Error('the lease was lost'));
      await ended;
      if (signal.aborted) await this.#release();
      this.#leadingUntil = -Infinity;
      this.#options.onChange?.(false);
      this.#options.logger.info({ identity: this.#options.identity }, 'no longer the leader');
    }
  }

  /** Renews the lease after a pause; false once it is lost. */
  async #renew(signal: AbortSignal): Promise<boolean> {
    await this.#pause(signal);
    if (signal.aborted) return false;
    const left = Math.ceil(this.#leadingUntil - performance.now());
    if (left <= 0) return false;
    const renewal = await withDeadline({ milliseconds: left, signals: [signal] }, (limit) =>
      this.#attempt(limit),
    );
    if (renewal) return true;
    return this.#held !== undefined && this.leading;
  }

  /** One attempt to acquire or renew the lease; true if it is held afterwards. */
  async #attempt(signal: AbortSignal): Promise<boolean> {
    const { leases, leaseSeconds, renewDeadlineSeconds, identity, logger } = this.#options;
    const started = performance.now();
    try {
      const current = await leases.get(signal);
      const now = new Date();
      const spec = current?.spec ?? {};
      const mine = spec.holderIdentity === identity;
      if (current && !mine && !this.#isExpired(current, started)) {
        this.#held = undefined;
        return false;
      }
      const next =
        mine && this.#held ? renewed(spec, leaseSeconds, now) : acquired(spec, identity, leaseSeconds, now);
      const held = current
        ? await leases.update({ ...current, spec: next }, signal)
        : await leases.create({ ...this.#template(), spec: next }, signal);
      if (held) this.#leadingUntil = started + renewDeadlineSeconds * 1000;
      this.#held = held ?? this.#held;
      return held !== undefined;
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error }, 'could not acquire or renew the lease');
      return false;
    }
  }

  /** Whether the holder has released the lease, or not renewed it for its duration by our clock. */
  #isExpired({ metadata, spec }: Lease, now: number): boolean {
    if (spec?.holderIdentity === undefined || spec.holderIdentity === '') return true;
    const seen = this.#seen;
    if (seen?.version !== metadata.resourceVersion) {
      this.#seen = { version: metadata.resourceVersion, at: now };
      return false;
    }
    return now - (seen?.at ?? now) > (spec.leaseDurationSeconds ?? this.#options.leaseSeconds) * 1000;
  }

  async #release(): Promise<void> {
    if (!this.#held || !this.leading) return;
    const lease = { ...this.#held, spec: released(this.#held.spec ?? {}, new Date()) };
    this.#held = undefined;
    try {
      await this.#options.leases.update(lease, AbortSignal.timeout(2000));
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'could not release the lease, it will expire');
    }
  }

  #template(): Lease {
    const { name, namespace } = this.#options;
    return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace } };
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const wait = this.#options.retrySeconds * 1000 * (1 + Math.random() / 5);
    await pause(wait, signal);
  }
}
