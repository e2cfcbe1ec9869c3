import { unresolvedEndpoint, type QueueAddress, type QueueEndpoint } from '../render-pool/queue-address.ts';
import type { Cluster } from './cluster.ts';

/** How long what was found out is believed, in milliseconds. */
const BELIEVED_MS = 300_000;

/** Finds out which pods are behind a queue's Service, so that a NetworkPolicy can name them and no others. */
export class QueueEndpoints {
  readonly #cluster: Cluster;
  readonly #now: () => number;
  readonly #found = new Map<string, { endpoint: QueueEndpoint; at: number }>();

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
    if (known && this.#now() - known.at < BELIEVED_MS) return known.endpoint;
    const endpoint = await this.#lookUp(address, service);
    this.#found.set(key, { endpoint, at: this.#now() });
    return endpoint;
  }

  async #lookUp(address: QueueAddress, at: NonNullable<QueueAddress['service']>): Promise<QueueEndpoint> {
    const service = await this.#cluster.service(at.namespace, at.name);
    const port = service?.ports.find((candidate) => candidate.port === at.port);
    if (!service?.selector || !port) return unresolvedEndpoint(address);
    return { kind: 'pods', namespace: at.namespace, labels: service.selector, port: port.targetPort };
  }
}
