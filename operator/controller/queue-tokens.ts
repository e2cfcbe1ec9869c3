import type { QueueSpec } from '../api/queue-spec.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { TokenMissingError } from './failure.ts';

/** The tokens of queues. Each is read once, and again after its queue has rejected it. */
export class QueueTokens {
  readonly #cluster: Pick<Cluster, 'secret'>;
  readonly #tokens = new Map<string, string>();

  constructor(cluster: Pick<Cluster, 'secret'>) {
    this.#cluster = cluster;
  }

  /**
   * The token of the queue of a pool in `namespace`; undefined if the queue needs none.
   *
   * @throws TokenMissingError if the Secret or its key does not exist; ApiError if the Secret cannot be read
   */
  async tokenOf({ tokenSecret }: QueueSpec, namespace: string): Promise<string | undefined> {
    if (!tokenSecret) return undefined;
    const id = idOf(tokenSecret, namespace);
    const known = this.#tokens.get(id);
    if (known !== undefined) return known;
    const { name, key } = tokenSecret;
    const token = await this.#cluster.secret(namespace, name, key);
    if (token === undefined) throw new TokenMissingError(`Secret ${name} with the key ${key} not found`);
    this.#tokens.set(id, token);
    return token;
  }

  /** Makes the next `tokenOf` read the token again. */
  forget({ tokenSecret }: QueueSpec, namespace: string): void {
    if (tokenSecret) this.#tokens.delete(idOf(tokenSecret, namespace));
  }
}

function idOf({ name, key }: NonNullable<QueueSpec['tokenSecret']>, namespace: string): string {
  return `${namespace}/${name}/${key}`;
}
