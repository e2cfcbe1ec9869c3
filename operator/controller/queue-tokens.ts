import type { QueueSpec } from '../api/queue-spec.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** A pool names a Secret for its queue's token that is not there. */
export class TokenMissingError extends Error {
  override name = 'TokenMissingError';
}

/** The tokens of queues, each read once, and again after its queue has refused it. */
export class QueueTokens {
  readonly #cluster: Cluster;
  readonly #tokens = new Map<string, string>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** @throws TokenMissingError when the Secret or its key is not there. */
  async tokenOf(queue: QueueSpec, namespace: string): Promise<string | undefined> {
    if (!queue.tokenSecret) return undefined;
    const { name, key } = queue.tokenSecret;
    const id = `${namespace}/${name}/${key}`;
    const known = this.#tokens.get(id);
    if (known !== undefined) return known;
    const token = await this.#cluster.secret(namespace, name, key);
    if (token === undefined) throw new TokenMissingError(`there is no Secret ${name} with the key ${key}`);
    this.#tokens.set(id, token);
    return token;
  }

  /** Reads the token anew the next time. */
  forget(queue: QueueSpec, namespace: string): void {
    if (queue.tokenSecret)
      this.#tokens.delete(`${namespace}/${queue.tokenSecret.name}/${queue.tokenSecret.key}`);
  }
}
