import type { V1NetworkPolicy, V1NetworkPolicyEgressRule } from '@kubernetes/client-node';
import { hostEndpoint, type QueueEndpoint } from '../api/queue-spec.ts';
import { childMetadata, selectorLabels } from './labels.ts';
import type { Manifest, ManifestContext, Plain } from './manifest.ts';

const DNS: Plain<V1NetworkPolicyEgressRule> = {
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

/** Allows egress to the queue, the result storage and DNS, and ingress to the HTTP port. */
export function networkPolicy(context: ManifestContext): Manifest & Plain<V1NetworkPolicy> {
  const { spec, queue } = context;
  const storage = storageUrl(context);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: childMetadata(context),
    spec: {
      podSelector: { matchLabels: selectorLabels(context.pool.name) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ port: 'http', protocol: 'TCP' }] }],
      egress: [
        DNS,
        egressTo(queue.endpoint),
        ...(storage === undefined ? [] : [egressTo(hostEndpoint(storage))]),
        ...(spec.renderer.networkPolicy.extraEgress ?? []).map(withProtocols),
      ],
    },
  };
}

/** Fills in the default protocol like the API server, so that it does not count as drift. */
function withProtocols({
  ports,
  ...rule
}: Plain<V1NetworkPolicyEgressRule>): Plain<V1NetworkPolicyEgressRule> {
  return { ...rule, ...(ports && { ports: ports.map((port) => ({ protocol: 'TCP', ...port })) }) };
}

function storageUrl({ spec }: ManifestContext): string | undefined {
  const s3 = spec.renderer.resultStorage?.s3;
  return s3 && (s3.endpoint ?? 'https://s3.amazonaws.com');
}

function egressTo(endpoint: QueueEndpoint): Plain<V1NetworkPolicyEgressRule> {
  const ports = [{ port: endpoint.port, protocol: 'TCP' }];
  if (endpoint.kind === 'host') {
    if (endpoint.ip === undefined) return { ports };
    const bits = endpoint.ip.includes(':') ? 128 : 32;
    return { ports, to: [{ ipBlock: { cidr: `${endpoint.ip}/${bits}` } }] };
  }
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': endpoint.namespace } };
  const podSelector = endpoint.labels && { matchLabels: endpoint.labels };
  return { ports, to: [{ namespaceSelector, ...(podSelector && { podSelector }) }] };
}
