import { KubeConfig } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { untilDeadline } from '../../service/deadline.ts';

type DispatcherOptions = ReturnType<KubeConfig['createDispatcherOptions']>;
type AuthenticatedRequest = Parameters<KubeConfig['applySecurityAuthentication']>[0];

/** How long connections are kept before new ones are made with the certificates of then, in milliseconds. */
const RENEWAL_MS = 600_000;
/** How long one authentication serves all requests, in milliseconds: a token that was renewed is found by then. */
const AUTHENTICATED_MS = 10_000;
/** Requests that are cut off by force may fail where nobody listens any more, so they are given time to end. */
const LAST_CALL_MS = 5000;

interface Credentials {
  headers: Record<string, string>;
  dispatcher: Dispatcher | undefined;
}

/**
 * A KubeConfig whose requests share connections: as it comes, every request is given a dispatcher, and with it a TLS
 * handshake, of its own.
 */
export class KeptAliveKubeConfig extends KubeConfig {
  #kept: { dispatcher: Dispatcher; since: number } | undefined;
  #authenticated: { credentials: Promise<Credentials>; since: number } | undefined;

  /** HTTP/1.1 only: undici 8 leaves errors of ended HTTP/2 streams to nobody when connections are closed, which ends the process. */
  override createDispatcherOptions(
    ...args: Parameters<KubeConfig['createDispatcherOptions']>
  ): DispatcherOptions {
    const options = super.createDispatcherOptions(...args);
    if (options.type !== 'agent') return options;
    const connect = { ...options.connect, allowH2: false };
    return { ...options, connect };
  }

  override async applySecurityAuthentication(request: AuthenticatedRequest): Promise<void> {
    const { headers, dispatcher } = await this.credentials();
    for (const [name, value] of Object.entries(headers)) request.setHeaderParam(name, value);
    if (dispatcher) request.setDispatcher(dispatcher);
  }

  /** The URL of a path such as /api/v1/pods. */
  urlOf(path: string): string {
    return `${this.getCurrentCluster()?.server.replace(/\/$/, '') ?? ''}${path}`;
  }

  /** The headers and the shared dispatcher that a request to the API server needs. */
  credentials(): Promise<Credentials> {
    const now = performance.now();
    if (!this.#authenticated || now - this.#authenticated.since > AUTHENTICATED_MS) {
      const credentials = this.#authenticate();
      this.#authenticated = { credentials, since: now };
      credentials.catch(() => {
        this.forgetCredentials();
      });
    }
    return this.#authenticated.credentials;
  }

  /** Authenticates anew for the next request, because the API server has refused what there is. */
  forgetCredentials(): void {
    this.#authenticated = undefined;
  }

  async #authenticate(): Promise<Credentials> {
    const headers: Record<string, string> = {};
    let fresh: Dispatcher | undefined;
    const request = {
      setHeaderParam: (name: string, value: string) => (headers[name] = value),
      setDispatcher: (given: Dispatcher) => (fresh = given),
      getDispatcher: () => fresh,
    };
    // The library exports no way to make the class that it asks for; of it, it calls these methods only.
    await super.applySecurityAuthentication(request as unknown as AuthenticatedRequest);
    return { headers, dispatcher: fresh && this.#keep(fresh) };
  }

  #keep(fresh: Dispatcher): Dispatcher {
    if (!this.#kept || performance.now() - this.#kept.since > RENEWAL_MS) {
      // Closing waits for what is under way, so watches end on their own time.
      void this.#kept?.dispatcher.close();
      this.#kept = { dispatcher: fresh, since: performance.now() };
    }
    return this.#kept.dispatcher;
  }

  /** Ends all connections; what is under way has five seconds to end by itself, and fails then. */
  async close(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    this.forgetCredentials();
    if (!kept) return;
    await untilDeadline(kept.dispatcher.close(), { milliseconds: LAST_CALL_MS }).catch(() =>
      kept.dispatcher.destroy(),
    );
  }
}

/**
 * The cluster that KUBECONFIG, ~/.kube/config or the pod's service account names, in this order.
 *
 * @throws Error when there is none.
 */
export function connect(): KeptAliveKubeConfig {
  const config = new KeptAliveKubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new Error(`KUBECONFIG cannot be read: ${(error as Error).message}`, { cause: error });
  }
  // Where nothing names a cluster, the library makes one up that speaks plain HTTP, and then refuses to speak it.
  const server = config.getCurrentCluster()?.server;
  if (server === undefined || server === 'http://localhost:8080')
    throw new Error('No Kubernetes cluster: set KUBECONFIG, or run in a pod.');
  return config;
}
