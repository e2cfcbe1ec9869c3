import { z } from 'zod';
import { described, matches } from './rules.ts';
import { labelSelectorSchema } from './label-spec.ts';

const CIDR = /^([0-9]{1,3}(\.[0-9]{1,3}){3}\/[0-9]{1,2}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*\/[0-9]{1,3})$/;
const cidr = (description: string) =>
  described(z.string().min(1).max(64), description, [
    matches(CIDR, 'must be a range of addresses such as 10.0.0.0/8 or fd00::/8'),
    { rule: 'isCIDR(self)', message: 'must be a range of addresses that there is' },
  ]);

const portSchema = described(
  z.object({
    protocol: described(z.enum(['TCP', 'UDP', 'SCTP']), 'The protocol; default TCP.').optional(),
    port: described(
      z.union([z.int().min(1).max(65_535), z.string().max(15)]),
      'Number or name of the port; none: all.',
      [
        {
          rule: "type(self) == int ? self >= 1 && self <= 65535 : string(self).matches('^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$')",
          message: 'must be a number from 1 to 65535 or the name of a port',
          holds: (port) => typeof port === 'number' || /^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/.test(port),
        },
      ],
      { 'x-kubernetes-int-or-string': true, maxLength: 15 },
    ).optional(),
    endPort: described(z.int().min(1).max(65_535), 'The last port of a range that port begins.').optional(),
  }),
  'A port.',
);

const peerSchema = described(
  z.object({
    ipBlock: described(
      z.object({
        cidr: cidr('The range.'),
        except: described(z.array(cidr('A range.')).max(16), 'What of it is not meant.').optional(),
      }),
      'A range of addresses.',
    ).optional(),
    namespaceSelector: labelSelectorSchema('Namespaces; without a podSelector all of their pods.').optional(),
    podSelector: labelSelectorSchema('Pods; without a namespaceSelector those of this namespace.').optional(),
  }),
  'A destination.',
  [
    {
      rule: 'has(self.ipBlock) != (has(self.namespaceSelector) || has(self.podSelector))',
      message: 'give either ipBlock, or namespaceSelector and podSelector',
      holds: ({ ipBlock, namespaceSelector, podSelector }) =>
        (ipBlock !== undefined) !== (namespaceSelector !== undefined || podSelector !== undefined),
    },
  ],
);

const egressSchema = described(
  z.object({
    ports: described(z.array(portSchema).max(16), 'Ports; none: all.').optional(),
    to: described(z.array(peerSchema).max(16), 'Destinations; none: all.').optional(),
  }),
  'An egress rule of networking.k8s.io/v1.',
);

/** What the pods can reach besides their queue, their storage and DNS. */
export const networkPolicySchema = described(
  z.object({
    enabled: described(z.boolean().default(true), 'Whether the pods get a NetworkPolicy.'),
    extraEgress: described(
      z.array(egressSchema).max(16),
      'More destinations, for a storage or proxy that the pool does not name.',
    ).optional(),
  }),
  'What the pods can reach: the queue, the result storage and DNS.',
);
