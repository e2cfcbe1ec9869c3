import { isIP } from 'node:net';
import { z } from 'zod';
import { QUEUE_NAME } from '../../queue/wire/contract.ts';
import { described, exactlyOneOf, immutable, matches } from './rules.ts';
import { dataKey, httpUrl, labelName, objectName } from './names.ts';

const service = described(
  z.object({
    name: labelName('Name of the Service.'),
    namespace: labelName('Namespace of the Service; default: the namespace of the RenderPool.').optional(),
    port: described(
      z.int().min(1).max(65_535).default(8080),
      'Port of the Service. It must serve plain HTTP.',
    ),
  }),
  'The Service of the queue service, in this cluster.',
);

const tokenSecret = described(
  z.object({
    name: objectName('Name of the Secret, in the namespace of the RenderPool.'),
    key: described(dataKey('').default('token'), 'Key of the token in the Secret.'),
  }),
  'The Secret with the bearer token that renderers and operator send to the queue service.',
);

/** Which queue a pool serves, and how to reach it. */
export const queueSpecSchema = described(
  z.object({
    service: service.optional(),
    url: httpUrl('Root URL of a queue service outside this cluster.').optional(),
    project: described(z.string().min(1).max(100).default('render'), 'Project of the queue. Immutable.', [
      matches(/^[a-zA-Z0-9][-_.~a-zA-Z0-9]*$/, 'must be letters, digits, -, _, . and ~'),
      immutable('cannot be changed: create another RenderPool for another queue'),
    ]),
    taskQueue: described(z.string().min(1).max(100).default('render'), 'Name of the task queue. Immutable.', [
      matches(QUEUE_NAME, 'must be letters, digits, _ and -'),
      immutable('cannot be changed: create another RenderPool for another queue'),
    ]),
    tokenSecret: tokenSecret.optional(),
  }),
  'The queue that the pool serves.',
  [exactlyOneOf(['service', 'url'], 'name exactly one queue: either service or url')],
);
export type QueueSpec = z.output<typeof queueSpecSchema>;

/** The network endpoint of a queue or a storage, in the terms of a NetworkPolicy. */
export type QueueEndpoint =
  /** Pods of a namespace, all of them without labels. The port is a number or a name. */
  | { kind: 'pods'; namespace: string; labels?: Record<string, string> | undefined; port: number | string }
  /** A host outside the cluster. A NetworkPolicy can name it only by IP address. */
  | { kind: 'host'; ip?: string | undefined; port: number };

/** The address of a queue: its root URL without a trailing slash, and its Service if it is in this cluster. */
export interface QueueAddress {
  rootUrl: string;
  service?: { name: string; namespace: string; port: number };
}

/** The address of the queue of a pool in `namespace`. A URL with the DNS name of a Service of this cluster counts as that Service. */
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

/** The endpoint as far as the address tells it, without looking up the Service. */
export function unresolvedEndpoint({ rootUrl, service }: QueueAddress): QueueEndpoint {
  if (service) return { kind: 'pods', namespace: service.namespace, port: service.port };
  return hostEndpoint(rootUrl);
}

/** The endpoint of a URL outside the cluster. */
export function hostEndpoint(url: string): QueueEndpoint & { kind: 'host' } {
  const parsed = new URL(url);
  const host = hostOf(parsed);
  return { kind: 'host', ip: isIP(host) ? host : undefined, port: portOf(parsed) };
}

/** The host, without the brackets of an IPv6 address. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  return url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80;
}
