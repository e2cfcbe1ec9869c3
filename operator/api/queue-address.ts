import { isIP } from 'node:net';
import type { QueueSpec } from './queue-spec.ts';

/** Where the queue's packets go, as a NetworkPolicy can say it. */
export type QueueEndpoint =
  /** Pods of a namespace; without labels all of them; the port is a number or the name of one. */
  | { kind: 'pods'; namespace: string; labels?: Record<string, string> | undefined; port: number | string }
  /** A host outside of the cluster, which only an IP address can narrow down. */
  | { kind: 'host'; ip?: string | undefined; port: number };

/** The address of a queue: its root URL without a slash at its end, and the Service when it is one of this cluster. */
export interface QueueAddress {
  rootUrl: string;
  service?: { name: string; namespace: string; port: number };
}

/** Where the queue of a pool in `namespace` is. A URL with the name of a Service of this cluster is that Service. */
export function queueAddress(queue: QueueSpec, namespace: string): QueueAddress {
  if (queue.service) {
    const service = { ...queue.service, namespace: queue.service.namespace ?? namespace };
    return { rootUrl: `http://${service.name}.${service.namespace}.svc:${service.port}`, service };
  }
  const url = new URL(queue.url ?? '');
  const rootUrl = url.href.replace(/\/$/, '');
  const [name = '', of = namespace, svc] = url.hostname.split('.');
  const isService = !isIP(hostOf(url)) && (url.hostname === name || svc === 'svc');
  return isService && name !== 'localhost'
    ? { rootUrl, service: { name, namespace: of, port: portOf(url) } }
    : { rootUrl };
}

/** What is allowed before the Service has been looked up, or when it is none of this cluster. */
export function unresolvedEndpoint({ rootUrl, service }: QueueAddress): QueueEndpoint {
  if (service) return { kind: 'pods', namespace: service.namespace, port: service.port };
  return hostEndpoint(rootUrl);
}

/** The endpoint of a URL outside of the cluster. */
export function hostEndpoint(url: string): QueueEndpoint & { kind: 'host' } {
  const parsed = new URL(url);
  const host = hostOf(parsed);
  return { kind: 'host', ip: isIP(host) ? host : undefined, port: portOf(parsed) };
}

/** The host without the brackets that an IPv6 address has in a URL. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  return url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80;
}
