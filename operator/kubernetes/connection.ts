import { KubeConfig } from '@kubernetes/client-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';

type DispatcherOptions = ReturnType<KubeConfig['createDispatcherOptions']>;
type AuthenticatedRequest = Parameters<KubeConfig['applySecurityAuthentication']>[0];

/** How long connections are kept before new ones are made with the certificates of then, in milliseconds. */
const RENEWAL_MS = 600_000;
/** Requests that are cut off by force may fail where nobody listens any more, so they are given time to end. */
const LAST_CALL_MS = 5000;

/**
 * A KubeConfig whose requests share connections: as it comes, every request is given a dispatcher, and with it a TLS
 * handshake, of its own.
 */
export class KeptAliveKubeConfig extends KubeConfig {
  #kept: { dispatcher: Dispatcher; since: number } | undefined;

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
    await super.applySecurityAuthentication(request);
    const fresh = request.getDispatcher();
    if (fresh === undefined) return;
    if (!this.#kept || performance.now() - this.#kept.since > RENEWAL_MS) {
      // Closing waits for what is under way, so watches end on their own time.
      void this.#kept?.dispatcher.close();
      this.#kept = { dispatcher: fresh, since: performance.now() };
    }
    request.setDispatcher(this.#kept.dispatcher);
  }

  /** The URL of a path such as /api/v1/pods. */
  urlOf(path: string): string {
    return `${this.getCurrentCluster()?.server.replace(/\/$/, '') ?? ''}${path}`;
  }

  /** The headers and the shared dispatcher that a request to the API server needs. */
  async credentials(): Promise<{ headers: Record<string, string>; dispatcher: Dispatcher | undefined }> {
    const headers: Record<string, string> = {};
    let dispatcher: Dispatcher | undefined;
    const request = {
      setHeaderParam: (name: string, value: string) => (headers[name] = value),
      setDispatcher: (given: Dispatcher) => (dispatcher = given),
      getDispatcher: () => dispatcher,
    };
    // The library exports no way to make the class that it asks for; of it, it calls these methods only.
    await this.applySecurityAuthentication(request as unknown as AuthenticatedRequest);
    return { headers, dispatcher };
  }

  /** Ends all connections; what is under way has five seconds to end by itself, and fails then. */
  async close(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    if (!kept) return;
    const closed = kept.dispatcher.close().then(() => true);
    const late = sleep(LAST_CALL_MS, false, { ref: false });
    if (!(await Promise.race([closed, late]))) await kept.dispatcher.destroy();
  }
}

/**
 * The cluster that KUBECONFIG, ~/.kube/config or the pod's service account names, in this order.
 *
 * @throws Error when there is none.
 */
export function connect(): KeptAliveKubeConfig {
  const config = new KeptAliveKubeConfig();
  config.loadFromDefault();
  if (!config.getCurrentCluster()) throw new Error('No Kubernetes cluster: set KUBECONFIG, or run in a pod.');
  return config;
}
