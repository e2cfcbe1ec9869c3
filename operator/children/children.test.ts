import { describe, expect, test } from '@jest/globals';
import { hostEndpoint, type QueueEndpoint } from '../api/queue-spec.ts';
import { renderPoolSpecSchema } from '../api/render-pool.ts';
import { children } from './children.ts';
import { deployment } from './deployment.ts';
import { networkPolicy } from './network-policy.ts';

const context = (spec: object = {}, endpoint: QueueEndpoint = hostEndpoint('http://queue.example:8080')) => ({
  pool: { name: 'docs', namespace: 'team', uid: 'u1' },
  spec: renderPoolSpecSchema.parse({ queue: { url: 'http://queue.example:8080' }, ...spec }),
  defaults: { image: 'renderer:1', imagePullPolicy: 'IfNotPresent' as const, staticDirectory: '/app/static' },
  queue: { rootUrl: 'http://queue.example:8080', endpoint },
});
const containerOf = (spec: object) => deployment(context(spec)).spec?.template.spec?.containers[0];
const envOf = (renderer: object, queue: object = {}) => {
  const spec = { renderer, queue: { url: 'http://queue.example:8080', ...queue } };
  return Object.fromEntries(
    (containerOf(spec)?.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom]),
  );
};

describe('the pods', () => {
  test('get their queue, their folders in order of precedence, and their own variables last', () => {
    const staticVolumes = [{ name: 'mine', configMap: { name: 'm' } }];
    const env = envOf(
      { staticVolumes, env: [{ name: 'DAEMONS', value: '7' }] },
      { tokenSecret: { name: 's' } },
    );
    expect(env).toMatchObject({
      API_DISCOVERY_URL: 'http://queue.example:8080/api/{api}/{apiVersion}',
      STATIC_DIRECTORY: '/var/lib/renderfleet/static/mine:/app/static',
      TEMPLATE_DIRECTORY: '/var/lib/renderfleet/static/mine/templates:/app/static/templates',
      QUEUE_TOKEN_FILE: '/var/run/secrets/renderfleet/queue/token',
      DAEMONS: '7',
      GRACE_SECONDS: '55',
    });
  });

  test('get the storage for large documents, with credentials by reference only', () => {
    const s3 = { bucket: 'b', credentialsSecret: { name: 'keys' } };
    expect(envOf({ resultStorage: { s3 } })).toMatchObject({
      S3_BUCKET: 'b',
      AWS_ACCESS_KEY_ID: { secretKeyRef: { name: 'keys', key: 'accessKeyId' } },
    });
    const persistentVolumeClaim = { claimName: 'c', publicUrl: 'https://files.example' };
    expect(envOf({ resultStorage: { persistentVolumeClaim } })).toMatchObject({
      BUCKET_SAVE_DIRECTORY: '/var/lib/renderfleet/results',
      BUCKET_PUBLIC_URL: 'https://files.example',
    });
  });

  test('keep their selector labels, whatever labels the pool adds', () => {
    const labels = { 'renderfleet.dev/pool': 'other', team: 'x' };
    const { spec } = deployment(context({ renderer: { labels } }));
    expect(spec?.template.metadata?.labels).toMatchObject({ 'renderfleet.dev/pool': 'docs', team: 'x' });
    expect(spec?.template.metadata?.labels).toMatchObject({ ...spec?.selector.matchLabels });
  });
});

describe('the network policy', () => {
  test('allows egress to DNS, the pods of the queue and the address of the storage only', () => {
    const endpoint: QueueEndpoint = { kind: 'pods', namespace: 'q', labels: { app: 'queue' }, port: 'http' };
    const resultStorage = { s3: { bucket: 'b', endpoint: 'http://10.1.2.3:9000' } };
    expect(networkPolicy(context({ renderer: { resultStorage } }, endpoint)).spec?.egress).toEqual([
      {
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
      {
        ports: [{ port: 'http', protocol: 'TCP' }],
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'q' } },
            podSelector: { matchLabels: { app: 'queue' } },
          },
        ],
      },
      { ports: [{ port: 9000, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '10.1.2.3/32' } }] },
    ]);
  });

  test('fills in the protocol of extra destinations like the API server', () => {
    const extraEgress = [{ ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }] }];
    const { spec } = networkPolicy(context({ renderer: { networkPolicy: { extraEgress } } }));
    expect(spec?.egress?.at(-1)?.ports).toEqual([
      { port: 80, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ]);
  });

  test('is omitted when the pool disables it', () => {
    expect(
      children(context({ renderer: { networkPolicy: { enabled: false } } })).NetworkPolicy,
    ).toBeUndefined();
  });
});
