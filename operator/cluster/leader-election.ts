import type { Logger } from 'pino';
import { pause } from '../../service/backoff.ts';
import { withDeadline } from '../../service/deadline.ts';
import { released, renewed, taken, type Lease } from './lease.ts';

/** Where leases are kept; update is refused (false) when the lease was changed since it was read. */
export interface LeaseStore {
  get(signal: AbortSignal): Promise<Lease | undefined>;
  create(lease: Lease, signal: AbortSignal): Promise<Lease | undefined>;
  update(lease: Lease, signal: AbortSignal): Promise<Lease | undefined>;
}

export interface LeaderElectionOptions {
  leases: LeaseStore;
  namespace: string;
  name: string;
  identity: string;
  /** How long a lease holds after its last renewal. */
  leaseSeconds: number;
  /** How long a leader goes on without a renewal that succeeded; less than leaseSeconds, and the difference is the margin. */
  renewDeadlineSeconds: number;
  /** Time between tries. */
  retrySeconds: number;
  logger: Logger;
  onChange?: (leading: boolean) => void;
}

/**
 * Lets one of several operators act at a time, by a Lease, as client-go does it: who finds the lease unchanged for its
 * whole duration by its own clock takes it over. A leader stops writing when it has not renewed for the renewal deadline,
 * which is over before anybody else can have taken over.
 */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  /** Monotonic ms until which this one leads. */
  #leadsUntil = -Infinity;
  #seen: { version: string | undefined; at: number } | undefined;
  #held: Lease | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
  }

  /** Whether this one may write, right now. */
  get leading(): boolean {
    return performance.now() < this.#leadsUntil;
  }

  /**
   * Tries for the lease until the signal is aborted. While it is held, `lead` runs with a signal that is aborted when the
   * lease is lost; it must end soon after. On a stop the lease is given up once `lead` has ended.
   */
  async run(signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      if (await this.#try(signal)) await this.#term(signal, lead);
      else await this.#pause(signal);
    }
  }

  async #term(signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const lost = new AbortController();
    this.#options.onChange?.(true);
    this.#options.logger.info({ identity: this.#options.identity }, 'leading');
    const term = lead(AbortSignal.any([signal, lost.signal]));
    const ended = term.then(
      () => undefined,
      (error: unknown) => {
        this.#options.logger.error({ err: error }, 'leading failed');
      },
    );
    try {
      while (!signal.aborted && (await this.#keep(signal)));
    } finally {
      lost.abort(new Error('the lease was lost'));
      await ended;
      if (signal.aborted) await this.#release();
      this.#leadsUntil = -Infinity;
      this.#options.onChange?.(false);
      this.#options.logger.info({ identity: this.#options.identity }, 'no longer leading');
    }
  }

  /** Renews until the deadline; false when the lease is lost. */
  async #keep(signal: AbortSignal): Promise<boolean> {
    await this.#pause(signal);
    if (signal.aborted) return false;
    const left = Math.ceil(this.#leadsUntil - performance.now());
    if (left <= 0) return false;
    const renewal = await withDeadline({ milliseconds: left, signals: [signal] }, (limit) =>
      this.#try(limit),
    );
    if (renewal) return true;
    return this.#held !== undefined && this.leading;
  }

  /** One try to take or to renew the lease; true when it is held afterwards. */
  async #try(signal: AbortSignal): Promise<boolean> {
    const { leases, leaseSeconds, renewDeadlineSeconds, identity, logger } = this.#options;
    const started = performance.now();
    try {
      const present = await leases.get(signal);
      const now = new Date();
      const spec = present?.spec ?? {};
      const mine = spec.holderIdentity === identity;
      if (present && !mine && !this.#isOver(present, started)) {
        this.#held = undefined;
        return false;
      }
      const next =
        mine && this.#held ? renewed(spec, leaseSeconds, now) : taken(spec, identity, leaseSeconds, now);
      const held = present
        ? await leases.update({ ...present, spec: next }, signal)
        : await leases.create({ ...this.#template(), spec: next }, signal);
      if (held) this.#leadsUntil = started + renewDeadlineSeconds * 1000;
      this.#held = held ?? this.#held;
      return held !== undefined;
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error }, 'the lease could not be renewed or taken');
      return false;
    }
  }

  /** Whether the lease has been given up, or unchanged for its duration as seen from here. */
  #isOver({ metadata, spec }: Lease, now: number): boolean {
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
      this.#options.logger.warn({ err: error }, 'the lease could not be given up; it runs out by itself');
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
