import { unresolvedEndpoint, type QueueAddress, type QueueEndpoint } from '../api/queue-address.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** How long it is believed what pods a Service has, and that it is not there or has none, in milliseconds. */
const FOUND_MS = 300_000;
const MISSING_MS = 10_000;

/** Finds out which pods are behind a queue's Service, so that a NetworkPolicy can name them and no others. */
export class QueueEndpoints {
  readonly #cluster: Cluster;
  readonly #now: () => number;
  readonly #found = new Map<string, { endpoint: QueueEndpoint; until: number }>();

  constructor(cluster: Cluster, now: () => number = Date.now) {
    this.#cluster = cluster;
    this.#now = now;
  }

  /** The endpoint of a queue. A Service that is not there, not readable or without pods of its own leaves it less narrow. */
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
