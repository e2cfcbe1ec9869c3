import type { V1Service } from '@kubernetes/client-node';
import type { Manifest, ManifestContext } from './context.ts';
import { childMetadata, HTTP_PORT, selectorLabels } from './labels.ts';
import type { Plain } from './plain.ts';

/** A headless Service: nobody is balanced over renderers, but monitoring finds every one of them. */
export function service(context: ManifestContext): Manifest & Plain<V1Service> {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: childMetadata(context),
    spec: {
      clusterIP: 'None',
      selector: selectorLabels(context.pool.name),
      ports: [{ name: 'http', port: HTTP_PORT, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' }],
    },
  };
}
