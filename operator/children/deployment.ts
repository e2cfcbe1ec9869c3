import type { V1Container, V1Deployment, V1PodSpec, V1Probe } from '@kubernetes/client-node';
import { childMetadata, childName, HTTP_PORT, poolLabels, selectorLabels } from './labels.ts';
import type { Manifest, ManifestContext, Plain } from './manifest.ts';
import { rendererEnv } from './renderer-env.ts';
import { rendererVolumes } from './volumes.ts';

/** The Deployment of a pool's renderer pods, without replicas: they change far more often than the rest. */
export function deployment(context: ManifestContext): Manifest & Plain<V1Deployment> {
  const { pool, spec } = context;
  const { labels, annotations } = spec.renderer;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: childMetadata(context),
    spec: {
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      selector: { matchLabels: selectorLabels(pool.name) },
      template: {
        metadata: {
          labels: { ...labels, ...poolLabels(pool.name) },
          ...(annotations && { annotations }),
        },
        spec: podSpec(context),
      },
    },
  };
}

function podSpec(context: ManifestContext): Plain<V1PodSpec> {
  const { pool, spec } = context;
  const { renderer } = spec;
  const { runAsUser, runAsGroup, fsGroup, supplementalGroups, seccompProfile } = renderer.securityContext;
  const spread = renderer.topologySpreadConstraints?.map((constraint) => ({
    labelSelector: { matchLabels: selectorLabels(pool.name) },
    ...constraint,
  }));
  return {
    serviceAccountName: childName(pool.name),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: renderer.gracePeriodSeconds,
    securityContext: {
      runAsNonRoot: true,
      ...{ runAsUser, runAsGroup, fsGroup, seccompProfile },
      ...(supplementalGroups && { supplementalGroups }),
    },
    containers: [container(context)],
    volumes: rendererVolumes(spec).map(({ volume }) => volume),
    ...given({
      imagePullSecrets: renderer.imagePullSecrets,
      nodeSelector: renderer.nodeSelector,
      tolerations: renderer.tolerations,
      affinity: renderer.affinity,
      topologySpreadConstraints: spread,
      priorityClassName: renderer.priorityClassName,
    }),
  };
}

function container(context: ManifestContext): Plain<V1Container> {
  const { renderer } = context.spec;
  return {
    name: 'renderer',
    image: renderer.image ?? context.defaults.image,
    imagePullPolicy: renderer.imagePullPolicy ?? context.defaults.imagePullPolicy,
    ports: [{ name: 'http', containerPort: HTTP_PORT, protocol: 'TCP' }],
    env: rendererEnv(context),
    resources: amounts(renderer.resources),
    volumeMounts: rendererVolumes(context.spec).map(({ mount }) => mount),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    // The first start of Chromium on a busy node takes seconds; the liveness probe begins after it.
    startupProbe: probe('/livez', { periodSeconds: 2, failureThreshold: 60 }),
    livenessProbe: probe('/livez', { periodSeconds: 10, failureThreshold: 3 }),
    readinessProbe: probe('/readyz', { periodSeconds: 5, failureThreshold: 2 }),
  };
}

function probe(
  path: string,
  timing: Pick<Plain<V1Probe>, 'periodSeconds' | 'failureThreshold'>,
): Plain<V1Probe> {
  return { httpGet: { path, port: 'http', scheme: 'HTTP' }, timeoutSeconds: 5, ...timing };
}

function amounts(
  resources: Record<string, Record<string, string | number>>,
): Plain<V1Container>['resources'] {
  const asText = (values: Record<string, string | number>) =>
    Object.fromEntries(Object.entries(values).map(([name, amount]) => [name, String(amount)]));
  return Object.fromEntries(Object.entries(resources).map(([kind, values]) => [kind, asText(values)]));
}

/** The fields that are set. Server-side apply would give the operator ownership of the others. */
function given<T extends object>(fields: T): Partial<T> {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as Partial<T>;
}
