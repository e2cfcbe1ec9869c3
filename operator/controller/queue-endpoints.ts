import { unresolvedEndpoint, type QueueAddress, type QueueEndpoint } from '../api/queue-spec.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** How long a Service that was found, or not found, is not looked up again, in milliseconds. */
const FOUND_MS = 300_000;
const MISSING_MS = 10_000;

/** Resolves the Service of a queue to its pods, so that a NetworkPolicy can allow exactly these. */
export class QueueEndpoints {
  readonly #cluster: Pick<Cluster, 'service'>;
  readonly #now: () => number;
  readonly #found = new Map<string, { endpoint: QueueEndpoint; until: number }>();

  constructor(cluster: Pick<Cluster, 'service'>, now: () => number = Date.now) {
    this.#cluster = cluster;
    this.#now = now;
  }

  /** The endpoint of a queue. It is less specific if the Service does not exist, is not readable or has no selector. */
  async resolve(address: QueueAddress): Promise<QueueEndpoint> {
    const { service } = address;
    if (!service) return unresolvedEndpoint(address);
    const key = `${service.namespace}/${service.name}:${service.port}`;
    const known = this.#found.get(key);
    if (known && this.#now() < known.until) return known.endpoint;
    const found = await this.#lookUp(service);
    const endpoint = found ?? unresolvedEndpoint(address);
    this.#found.set(key, { endpoint, until: this.#now() + (found ? FOUND_MS : MISSING_MS) });
    return endpoint;
  }

  async #lookUp(at: NonNullable<QueueAddress['service']>): Promise<QueueEndpoint | undefined> {
    const service = await this.#cluster.service(at.namespace, at.name);
    const port = service?.ports.find((candidate) => candidate.port === at.port);
    if (!service?.selector || !port) return undefined;
    return { kind: 'pods', namespace: at.namespace, labels: service.selector, port: port.targetPort };
  }
}
