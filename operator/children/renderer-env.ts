import type { V1EnvVar } from '@kubernetes/client-node';
import type { ResultStorage } from '../api/storage-spec.ts';
import { HTTP_PORT } from './labels.ts';
import type { ManifestContext, Plain } from './manifest.ts';
import { RESULTS_PATH, staticPath, TOKEN_PATH } from './volumes.ts';

/** Time between the end of a renderer's own grace period, when it releases its tasks, and the kill, in seconds. */
const KILL_MARGIN_SECONDS = 5;

/** The environment of a renderer container. Variables of the spec override those of the operator. */
export function rendererEnv(context: ManifestContext): Plain<V1EnvVar>[] {
  const { spec, queue, defaults } = context;
  const { renderer } = spec;
  const folders = [...(renderer.staticVolumes ?? []).map(staticPath), defaults.staticDirectory];
  const graceSeconds = Math.max(1, renderer.gracePeriodSeconds - KILL_MARGIN_SECONDS);
  const own: Plain<V1EnvVar>[] = [
    { name: 'API_DISCOVERY_URL', value: `${queue.rootUrl}/api/{api}/{apiVersion}` },
    { name: 'PROJECT_NAME', value: spec.queue.project },
    { name: 'QUEUE_NAME', value: spec.queue.taskQueue },
    { name: 'DAEMONS', value: String(renderer.daemons) },
    { name: 'GRACE_SECONDS', value: String(graceSeconds) },
    { name: 'PORT', value: String(HTTP_PORT) },
    { name: 'STATIC_DIRECTORY', value: folders.join(':') },
    { name: 'TEMPLATE_DIRECTORY', value: folders.map((folder) => `${folder}/templates`).join(':') },
    { name: 'XDG_CACHE_HOME', value: '/tmp/.cache' },
    ...(spec.queue.tokenSecret ? [{ name: 'QUEUE_TOKEN_FILE', value: `${TOKEN_PATH}/token` }] : []),
    ...storageEnv(renderer.resultStorage),
  ];
  const given = (renderer.env ?? []).map(withoutEmptyValue);
  const names = new Set(given.map(({ name }) => name));
  return [...own.filter(({ name }) => !names.has(name)), ...given];
}

function storageEnv(storage: ResultStorage | undefined): Plain<V1EnvVar>[] {
  if (storage?.persistentVolumeClaim) {
    return variables({
      BUCKET_SAVE_DIRECTORY: RESULTS_PATH,
      BUCKET_PUBLIC_URL: storage.persistentVolumeClaim.publicUrl,
    });
  }
  if (!storage?.s3) return [];
  const { bucket, prefix, endpoint, region, publicUrl, credentialsSecret } = storage.s3;
  const secret = (name: string, key: string) => ({
    name,
    valueFrom: { secretKeyRef: { name: credentialsSecret?.name ?? '', key } },
  });
  return [
    ...variables({
      S3_BUCKET: bucket,
      S3_PREFIX: prefix,
      S3_ENDPOINT: endpoint,
      S3_REGION: region,
      S3_PUBLIC_URL: publicUrl,
    }),
    ...(credentialsSecret
      ? [
          secret('AWS_ACCESS_KEY_ID', credentialsSecret.accessKeyIdKey),
          secret('AWS_SECRET_ACCESS_KEY', credentialsSecret.secretAccessKeyKey),
        ]
      : []),
  ];
}

function variables(values: Record<string, string | undefined>): Plain<V1EnvVar>[] {
  return Object.entries(values).flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

/** Omits an empty value like the API server, so that it does not count as drift. */
function withoutEmptyValue(variable: Plain<V1EnvVar>): Plain<V1EnvVar> {
  return variable.value === '' ? { name: variable.name } : variable;
}
