import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { RenderPoolSpec } from '../api/render-pool.ts';
import type { StaticVolume } from '../api/storage-spec.ts';
import type { Plain } from './manifest.ts';

/** Mount path of the queue's token. */
export const TOKEN_PATH = '/var/run/secrets/renderfleet/queue';
/** Mount path of the volume for large documents. */
export const RESULTS_PATH = '/var/lib/renderfleet/results';

/** Mount path of a folder of static files. */
export function staticPath({ name }: Pick<StaticVolume, 'name'>): string {
  return `/var/lib/renderfleet/static/${name}`;
}

/** The volumes of a renderer pod, each with its mount. The root file system is read-only, so /tmp is one of them. */
export function rendererVolumes({
  queue,
  renderer,
}: RenderPoolSpec): { volume: Plain<V1Volume>; mount: Plain<V1VolumeMount> }[] {
  const token = queue.tokenSecret;
  const results = renderer.resultStorage?.persistentVolumeClaim;
  return [
    { volume: { name: 'tmp', emptyDir: { sizeLimit: '2Gi' } }, mount: { name: 'tmp', mountPath: '/tmp' } },
    ...(token
      ? [
          {
            volume: {
              name: 'queue-token',
              secret: {
                secretName: token.name,
                items: [{ key: token.key, path: 'token' }],
                defaultMode: 0o440,
              },
            },
            mount: { name: 'queue-token', mountPath: TOKEN_PATH, readOnly: true },
          },
        ]
      : []),
    ...(results
      ? [
          {
            volume: { name: 'results', persistentVolumeClaim: { claimName: results.claimName } },
            mount: { name: 'results', mountPath: RESULTS_PATH },
          },
        ]
      : []),
    ...(renderer.staticVolumes ?? []).map((folder) => ({
      volume: { name: volumeName(folder), ...sourceOf(folder) },
      mount: { name: volumeName(folder), mountPath: staticPath(folder), readOnly: true },
    })),
  ];
}

function volumeName({ name }: StaticVolume): string {
  return `static-${name}`;
}

function sourceOf({ configMap, persistentVolumeClaim }: StaticVolume): Partial<Plain<V1Volume>> {
  if (configMap) return { configMap };
  return { persistentVolumeClaim: { claimName: persistentVolumeClaim?.claimName ?? '', readOnly: true } };
}
