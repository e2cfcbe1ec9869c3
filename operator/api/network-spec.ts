import { z } from 'zod';
import { described, matches } from './rules.ts';
import { labelSelectorSchema } from './names.ts';

const CIDR = /^([0-9]{1,3}(\.[0-9]{1,3}){3}\/[0-9]{1,2}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*\/[0-9]{1,3})$/;
const cidr = (description: string) =>
  described(z.string().min(1).max(64), description, [
    matches(CIDR, 'must be a range of addresses such as 10.0.0.0/8 or fd00::/8'),
    { rule: 'isCIDR(self)', message: 'must be a valid CIDR range' },
  ]);

const portSchema = described(
  z.object({
    protocol: described(z.enum(['TCP', 'UDP', 'SCTP']), 'The protocol. Default: TCP.').optional(),
    port: described(
      z.union([z.int().min(1).max(65_535), z.string().max(15)]),
      'Number or name of the port. Default: all ports.',
      [
        {
          rule: "type(self) == int ? self >= 1 && self <= 65535 : string(self).matches('^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$')",
          message: 'must be a number from 1 to 65535 or a port name',
          holds: (port) => typeof port === 'number' || /^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/.test(port),
        },
      ],
      { 'x-kubernetes-int-or-string': true, maxLength: 15 },
    ).optional(),
    endPort: described(
      z.int().min(1).max(65_535),
      'The last port of the range that starts at port.',
    ).optional(),
  }),
  'A port.',
);

const peerSchema = described(
  z.object({
    ipBlock: described(
      z.object({
        cidr: cidr('The range.'),
        except: described(z.array(cidr('A range.')).max(16), 'Ranges within cidr to exclude.').optional(),
      }),
      'A range of addresses.',
    ).optional(),
    namespaceSelector: labelSelectorSchema('Namespaces; without a podSelector, all their pods.').optional(),
    podSelector: labelSelectorSchema(
      'Pods; without a namespaceSelector, those in this namespace.',
    ).optional(),
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
    ports: described(z.array(portSchema).max(16), 'Ports. Default: all.').optional(),
    to: described(z.array(peerSchema).max(16), 'Destinations. Default: all.').optional(),
  }),
  'An egress rule of networking.k8s.io/v1.',
);

/** Which destinations the pods can reach. */
export const networkPolicySchema = described(
  z.object({
    enabled: described(z.boolean().default(true), 'Whether the pods get a NetworkPolicy.'),
    extraEgress: described(
      z.array(egressSchema).max(16),
      'Additional destinations, for example a proxy or a storage that the spec does not name.',
    ).optional(),
  }),
  'Egress of the pods. Allowed by default: the queue, the result storage and DNS.',
);
