import { KubeConfig } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { untilDeadline } from '../../service/deadline.ts';

type DispatcherOptions = ReturnType<KubeConfig['createDispatcherOptions']>;
type AuthenticatedRequest = Parameters<KubeConfig['applySecurityAuthentication']>[0];

/** Lifetime of a connection pool; a new one picks up renewed certificates. In milliseconds. */
const RENEWAL_MS = 600_000;
/** Lifetime of the credentials, in milliseconds; new ones pick up a renewed token. */
const AUTHENTICATED_MS = 10_000;
/** Time for requests to complete on close, in milliseconds. Those that are cut off may raise errors that nothing handles. */
const CLOSE_MS = 5000;

interface Credentials {
  headers: Record<string, string>;
  dispatcher: Dispatcher | undefined;
}

/**
 * A KubeConfig whose requests share connections. The library's own creates a dispatcher for every request, and with it a
 * TLS handshake.
 */
export class KeptAliveKubeConfig extends KubeConfig {
  #kept: { dispatcher: Dispatcher; since: number } | undefined;
  #authenticated: { credentials: Promise<Credentials>; since: number } | undefined;

  /** HTTP/1.1 only: when connections close, undici 8 raises unhandled errors of HTTP/2 streams, which end the process. */
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

  /** The headers and the shared dispatcher for a request to the API server. */
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

  /** Discards the credentials after the API server has rejected them, so that the next request authenticates again. */
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
    // The library does not export the class of its parameter; it calls only these methods.
    await super.applySecurityAuthentication(request as unknown as AuthenticatedRequest);
    return { headers, dispatcher: fresh && this.#keep(fresh) };
  }

  #keep(fresh: Dispatcher): Dispatcher {
    if (!this.#kept || performance.now() - this.#kept.since > RENEWAL_MS) {
      // Waits for open requests, so watches end in their own time.
      void this.#kept?.dispatcher.close();
      this.#kept = { dispatcher: fresh, since: performance.now() };
    }
    return this.#kept.dispatcher;
  }

  /** Closes all connections. Open requests have five seconds to complete, then they fail. */
  async close(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    this.forgetCredentials();
    if (!kept) return;
    await untilDeadline(kept.dispatcher.close(), { milliseconds: CLOSE_MS }).catch(() =>
      kept.dispatcher.destroy(),
    );
  }
}

/**
 * The cluster of KUBECONFIG, ~/.kube/config or the pod's service account, in this order.
 *
 * @throws Error if none of them names a cluster
 */
export function connect(): KeptAliveKubeConfig {
  const config = new KeptAliveKubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new Error(`KUBECONFIG cannot be read: ${(error as Error).message}`, { cause: error });
  }
  // Without any configuration, the library falls back to this address, which it then refuses because it is plain HTTP.
  const server = config.getCurrentCluster()?.server;
  if (server === undefined || server === 'http://localhost:8080')
    throw new Error('No Kubernetes cluster: set KUBECONFIG, or run in a pod.');
  return config;
}
